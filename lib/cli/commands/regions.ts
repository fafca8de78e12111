import { Command } from 'commander';
import { examples, type WrittenApi, withApi } from '../options.ts';

export const regionsCommand = (): Command =>
  withApi(
    new Command('regions').description(
      'what the probers of each region say of themselves: health, addresses, clock',
    ),
  )
    .addHelpText(
      'after',
      examples('parallax regions', "parallax regions --json | jq -r '.items[].sourceAddresses[].address'"),
    )
    .action(async (options: WrittenApi) => {
      const { runRegions } = await import('../regions.ts');
      process.exitCode = await runRegions(options);
    });
