import { Command, CommanderError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { DEFAULT_PORT, parseLocalOptions, type WrittenOptions } from '../local/options.ts';
import { messageOf, UsageError } from '../local/usage-error.ts';

/** What the user asked for cannot be done as asked. */
const EXIT_USAGE = 2;

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function several(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect).default([], 'none');
}

const TIME = '30m, 2h, 1d from now, or a time such as 2026-01-31T12:00:00Z';

const api = (): Option =>
  new Option('--api <url>', 'the API; one that asks for a signature cannot be asked yet')
    .env('PARALLAX_API')
    .default(`http://127.0.0.1:${DEFAULT_PORT}`);

interface WrittenMute {
  readonly api: string;
  readonly json: boolean;
  readonly until: string;
  readonly note?: string;
}

type WrittenAck = Omit<WrittenMute, 'until'> & { readonly by?: string; readonly until?: string };

/** The command line; nothing is run yet. Actions resolve to the exit code they set. */
export function buildProgram(): Command {
  const program = new Command('parallax')
    .description('Is this port listening from some regions and blocked from others?')
    .version(packageJson.version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'parallax: ')) })
    .showSuggestionAfterError(false);

  program
    .command('local')
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
    .option('--json', 'one JSON object a line', false)
    .option('--verbose', 'show what the functions write', false)
    .addHelpText(
      'after',
      `
Examples
  npm start                                      the demo: a fault, its alert, its end
  parallax local --no-demo --data ./data         yours, kept from one start to the next
  parallax local --no-demo --json | jq 'select(.event == "alert").alert.summary'
  parallax local --webhook pager=http://127.0.0.1:9000/ --formats json,pager
  parallax local --listen 10.0.0.1 --run-in eu-west-1='ip netns exec eu'`,
    )
    .action(async (written: WrittenOptions & { readonly json: boolean; readonly verbose: boolean }) => {
      const { runLocal } = await import('./local.ts');
      process.exitCode = await runLocal(parseLocalOptions(written), written);
    });

  program
    .command('status')
    .description('what every region says of the endpoints')
    .argument('[id]', 'one endpoint (default: all)')
    .addOption(api())
    .option('--json', 'as the API answers', false)
    .addHelpText(
      'after',
      `
Examples
  parallax status
  parallax status shop --json | jq .verdict`,
    )
    .action(async (id: string | undefined, options: { readonly api: string; readonly json: boolean }) => {
      const { runStatus } = await import('./status.ts');
      process.exitCode = await runStatus(id ?? null, options);
    });

  program
    .command('regions')
    .description('what the probers of each region say of themselves: health, addresses, clock')
    .addOption(api())
    .option('--json', 'as the API answers', false)
    .addHelpText(
      'after',
      `
Examples
  parallax regions
  parallax regions --json | jq -r '.items[].sourceAddresses[].address'`,
    )
    .action(async (options: { readonly api: string; readonly json: boolean }) => {
      const { runRegions } = await import('./regions.ts');
      process.exitCode = await runRegions(options);
    });

  program
    .command('ack')
    .description('say who looks after an open incident: no reminder is sent, and changes only for the worse')
    .argument('<id>', 'the endpoint, or the dedupKey of an alert')
    .option('--by <name>', 'who (default: your login name)')
    .option('--note <text>', 'what is being done')
    .option('--until <time>', `${TIME}; reminders begin again then (default: not before it is over)`)
    .addOption(api())
    .option('--json', 'as the API answers', false)
    .addHelpText(
      'after',
      `
Examples
  parallax ack shop
  parallax ack group.mi6wq3mg.1x2y3z       all that one alert is about
  parallax ack shop --by ada --note 'asking the network team' --until 2h`,
    )
    .action(async (id: string, options: WrittenAck) => {
      const { runAck } = await import('./quiet.ts');
      process.exitCode = await runAck(id, options);
    });

  program
    .command('mute')
    .description('tell nothing of an endpoint until a time; what is still wrong then is told then')
    .argument('<id>', 'the endpoint')
    .requiredOption('--until <time>', TIME)
    .option('--note <text>', 'why')
    .addOption(api())
    .option('--json', 'as the API answers', false)
    .addHelpText(
      'after',
      `
Examples
  parallax mute shop --until 1h --note 'moving the load balancer'`,
    )
    .action(async (id: string, options: WrittenMute) => {
      const { runMute } = await import('./quiet.ts');
      process.exitCode = await runMute(id, options);
    });
  return program;
}

/** Runs a command line. Mistakes in it: one line on stderr and exit code 2; anything else that stops it: 1. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
      return;
    }
    console.error(`parallax: ${messageOf(error)}`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : 1;
  }
}
