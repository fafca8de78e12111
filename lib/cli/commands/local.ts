import { Command, Option } from 'commander';
import { DEFAULT_PORT, parseLocalOptions, type WrittenOptions } from '../../local/options.ts';
import { examples } from '../options.ts';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function several(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect).default([], 'none');
}

export const localCommand = (): Command =>
  new Command('local')
    .description('run the whole stack on this machine, with a demo')
    .option('--regions <a,b,c>', 'regions to play', 'eu-west-1,us-east-1,ap-southeast-2')
    .option('--home <region>', 'the region that judges (default: the first)')
    .option('--port <number>', 'of the HTTP API on 127.0.0.1; 0: any', String(DEFAULT_PORT))
    .option('--data <directory>', 'keep the table here (default: in memory)')
    .option('--no-demo', 'start with nothing registered (--run-in implies it)')
    .addOption(several('--run-in <region=command>', 'words before the command of a region’s functions'))
    .option('--listen <address>', 'where emulators listen, for functions in other namespaces', '127.0.0.1')
    .addOption(several('--resolver <region=address:port>', 'resolver a region asks'))
    .addOption(several('--control <host:port>', 'what a region tries to see that it is well itself'))
    .addOption(several('--webhook <[format=]url>', 'POST alerts here as SNS would; format json if not said'))
    .option('--formats <a,b>', 'alert formats: json, email, sms, chat, pager', 'json,email')
    .option('--remind <minutes>', 'how often to tell again what nobody acknowledges; 0: never (default: 60)')
    .option('--json', 'one JSON object a line', false)
    .option('--verbose', 'show what the functions write', false)
    .addHelpText(
      'after',
      examples(
        'npm start                                      the demo: a fault, its alert, its end',
        'parallax local --no-demo --data ./data         yours, kept from one start to the next',
        `parallax local --no-demo --json | jq 'select(.event == "alert").alert.summary'`,
        'parallax local --webhook pager=http://127.0.0.1:9000/ --formats json,pager',
        "parallax local --listen 10.0.0.1 --run-in eu-west-1='ip netns exec eu'",
      ),
    )
    .action(async (written: WrittenOptions & { readonly json: boolean; readonly verbose: boolean }) => {
      const { runLocal } = await import('../local.ts');
      process.exitCode = await runLocal(parseLocalOptions(written), written);
    });
