import { Command } from 'commander';
import type { WrittenApply } from '../apply/apply.ts';
import { examples, withApi } from '../options.ts';

export const applyCommand = (): Command =>
  withApi(
    new Command('apply')
      .description('register, change and remove endpoints as a YAML file says')
      .argument('[file]', 'the file; - reads standard input', 'parallax.yaml')
      .option('--dry-run', 'show what would be done, and do nothing', false)
      .option(
        '--prune',
        'remove what was applied with the scope of the file and is not in it any more',
        false,
      )
      .option('--yes', 'remove without asking', false)
      .option('--take-over', 'take endpoints of the file out of other scopes', false),
    'the plan and how it ended, in one object',
  )
    .addHelpText(
      'after',
      examples(
        'parallax apply parallax.yaml --dry-run',
        'parallax apply parallax.yaml --prune --yes        as a pipeline does it',
        'parallax export > parallax.yaml                   begin with what is registered',
        'parallax import prometheus.yml > parallax.yaml    or with the targets of a blackbox_exporter',
      ),
    )
    .action(async (file: string, options: WrittenApply) => {
      const { runApply } = await import('../apply/apply.ts');
      process.exitCode = await runApply(file, options);
    });
