import { Command } from 'commander';
import type { WrittenExport } from '../apply/export.ts';
import { examples, withApi } from '../options.ts';

export const exportCommand = (): Command =>
  withApi(
    new Command('export')
      .description('write what is registered as the file that apply reads')
      .option('--tag <tag>', 'only endpoints with this tag, such as scope:web')
      .option('--team <team>', 'only endpoints of this team'),
    'the same as JSON, which apply reads too',
  )
    .addHelpText('after', examples('parallax export > parallax.yaml', 'parallax export --tag scope:web'))
    .action(async (options: WrittenExport) => {
      const { runExport } = await import('../apply/export.ts');
      process.exitCode = await runExport(options);
    });
