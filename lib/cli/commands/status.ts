import { Command, Option } from 'commander';
import { REGION_STATES } from '../../verdict/region-state.ts';
import { examples, withApi } from '../options.ts';
import type { WrittenStatus } from '../status.ts';

export const statusCommand = (): Command =>
  withApi(
    new Command('status')
      .description('what every region says of the endpoints')
      .argument('[id]', 'one endpoint (default: all)')
      .option('--tag <tag>', 'only with this tag')
      .option('--team <team>', 'only of this team')
      .addOption(new Option('--state <state>', 'only where a region is in it').choices([...REGION_STATES]))
      .option('--troubled', 'only where something is to be told', false),
  )
    .addHelpText(
      'after',
      examples(
        'parallax status',
        'parallax status --team web --troubled',
        'parallax status --state failing',
        'parallax status shop --json | jq .verdict',
      ),
    )
    .action(async (id: string | undefined, options: WrittenStatus) => {
      const { runStatus } = await import('../status.ts');
      process.exitCode = await runStatus(id ?? null, options);
    });
