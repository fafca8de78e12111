import { Command } from 'commander';
import { examples, TIME, type WrittenApi, withApi } from '../options.ts';
import type { WrittenMute } from '../quiet.ts';

export const muteCommand = (): Command =>
  withApi(
    new Command('mute')
      .description('tell nothing of an endpoint until a time; what is still wrong then is told then')
      .argument('[id]', 'the endpoint')
      .option('--tag <tag>', 'instead of an endpoint: whatever has this tag, now or later')
      .option('--until <time>', TIME)
      .option('--note <text>', 'why')
      .option('--off', 'end it: what is still wrong is told now', false),
  )
    .addHelpText(
      'after',
      examples(
        "parallax mute shop --until 1h --note 'moving the load balancer'",
        'parallax mute --tag db --until 2026-12-06T02:00:00Z',
        'parallax mute shop --off',
      ),
    )
    .action(async (id: string | undefined, options: WrittenMute) => {
      const { runMute } = await import('../quiet.ts');
      process.exitCode = await runMute(id ?? null, options);
    });

export const mutesCommand = (): Command =>
  withApi(new Command('mutes').description('what is muted now, endpoints and tags'))
    .addHelpText('after', examples('parallax mutes'))
    .action(async (options: WrittenApi) => {
      const { runMutes } = await import('../quiet.ts');
      process.exitCode = await runMutes(options);
    });
