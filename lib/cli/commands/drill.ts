import { Command, Option } from 'commander';
import type { WrittenDrill } from '../drill.ts';
import { examples, withApi } from '../options.ts';

export const drillCommand = (): Command =>
  withApi(
    new Command('drill')
      .description('tell a test alert in every format, and say who would have heard it')
      .addOption(new Option('--severity <P1>', 'as alerts of this severity').choices(['P1', 'P2', 'P3']))
      .option('--team <name>', 'as alerts of this team'),
  )
    .addHelpText(
      'after',
      `${examples('parallax drill', 'parallax drill --severity P1 --team web')}

Exit code 1 when SNS refused one or a topic has no confirmed subscriber.`,
    )
    .action(async (options: WrittenDrill) => {
      const { runDrill } = await import('../drill.ts');
      process.exitCode = await runDrill(options);
    });
