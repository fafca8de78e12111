import { Command } from 'commander';
import type { WrittenObservations } from '../observations.ts';
import { examples, withApi } from '../options.ts';

export const observationsCommand = (): Command =>
  withApi(
    new Command('observations')
      .description('every try that is kept, one JSON object a line with names as in Elastic Common Schema')
      .argument('[id]', 'one endpoint (default: all)')
      .option('--region <region>', 'one region (default: all of the endpoint)')
      .option('--from <time>', 'since when: 30m, 2h, 1d back, or a time', '1h')
      .option('--to <time>', 'until when (default: now)'),
    'the same: each line is JSON already',
  )
    .addHelpText(
      'after',
      examples(
        'parallax observations shop --from 1d > shop.jsonl',
        `parallax observations --from 2h | jq -c 'select(."event.outcome" == "failure")'`,
      ),
    )
    .action(async (id: string | undefined, options: WrittenObservations) => {
      const { runObservations } = await import('../observations.ts');
      process.exitCode = await runObservations(id ?? null, options);
    });
