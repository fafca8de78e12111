import { Command } from 'commander';
import { examples, TIME, withApi } from '../options.ts';
import type { WrittenAck } from '../quiet.ts';

export const ackCommand = (): Command =>
  withApi(
    new Command('ack')
      .description(
        'say who looks after an open incident: no reminder is sent, and changes only for the worse',
      )
      .argument('<id>', 'the endpoint, or the dedupKey of an alert')
      .option('--by <name>', 'who (default: your login name)')
      .option('--note <text>', 'what is being done')
      .option('--until <time>', `${TIME}; reminders begin again then (default: not before it is over)`)
      .option('--off', 'take it back: nobody looks after it', false),
  )
    .addHelpText(
      'after',
      examples(
        'parallax ack shop',
        'parallax ack group.mi6wq3mg.1x2y3z       all that one alert is about',
        "parallax ack shop --by ada --note 'asking the network team' --until 2h",
        'parallax ack shop --off',
      ),
    )
    .action(async (id: string, options: WrittenAck) => {
      const { runAck } = await import('../quiet.ts');
      process.exitCode = await runAck(id, options);
    });
