import { Command } from 'commander';
import { examples, TIME, type WrittenApi, withApi } from '../options.ts';

interface WrittenMute extends WrittenApi {
  readonly until: string;
  readonly note?: string;
}

export const muteCommand = (): Command =>
  withApi(
    new Command('mute')
      .description('tell nothing of an endpoint until a time; what is still wrong then is told then')
      .argument('<id>', 'the endpoint')
      .requiredOption('--until <time>', TIME)
      .option('--note <text>', 'why'),
  )
    .addHelpText('after', examples("parallax mute shop --until 1h --note 'moving the load balancer'"))
    .action(async (id: string, options: WrittenMute) => {
      const { runMute } = await import('../quiet.ts');
      process.exitCode = await runMute(id, options);
    });
