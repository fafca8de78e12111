import { Command } from 'commander';
import { examples } from '../options.ts';

export const importCommand = (): Command =>
  new Command('import')
    .description('write the targets of a Prometheus with blackbox_exporter as the file that apply reads')
    .argument('<file...>', 'prometheus.yml, or files of file_sd_configs; - reads standard input')
    .option(
      '--modules <blackbox.yml>',
      'the exporter’s configuration: what its modules do is not guessed then',
    )
    .addHelpText(
      'after',
      examples(
        'parallax import prometheus.yml --modules blackbox.yml > parallax.yaml',
        'parallax import targets/*.json > parallax.yaml',
      ),
    )
    .action(async (files: readonly string[], options: { readonly modules?: string }) => {
      const { runImport } = await import('../import/import.ts');
      process.exitCode = await runImport(files, options);
    });
