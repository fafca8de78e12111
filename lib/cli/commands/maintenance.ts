import { Command } from 'commander';
import type { WrittenMaintenance } from '../maintenance.ts';
import { examples, group, type WrittenApi, withApi } from '../options.ts';

/** When nothing is told, planned: list (also when nothing else is said), add, remove. */
export const maintenanceCommand = (): Command =>
  group('maintenance', 'when nothing is told, planned', [list(), add(), remove()]).addHelpText(
    'after',
    examples(
      'parallax maintenance                                        all of it, as parallax maintenance list',
      'parallax maintenance add db-upgrade --tags db --until 2h    from now on',
      "parallax maintenance add patch-night --all --cron '0 2 * * SUN#2' --time-zone Europe/Berlin --minutes 180",
      'parallax maintenance remove db-upgrade',
    ),
  );

const list = (): Command =>
  withApi(new Command('list').description('all maintenance, with the present or next windows of each'))
    .addHelpText('after', examples('parallax maintenance list --json | jq .items[0].windows'))
    .action(async (options: WrittenApi) => {
      const { runMaintenances } = await import('../maintenance.ts');
      process.exitCode = await runMaintenances(options);
    });

const add = (): Command =>
  withApi(
    new Command('add')
      .description(
        'plan some, once or recurring, in place of any of the same id; the answer shows its windows',
      )
      .argument('<id>', 'lower-case letters, digits and hyphens')
      .option('--endpoints <a,b>', 'of these')
      .option('--tags <a,b>', 'of whatever has one of these, now or later')
      .option('--all', 'of all', false)
      .option('--from <time>', 'in 30m, 2h, 1d, or a time such as 2026-01-31T12:00:00Z (default: now)')
      .option('--until <time>', 'likewise')
      .option('--cron <fields>', "recurring: minute hour day month weekday, such as '0 2 * * SUN'")
      .option('--time-zone <name>', 'of --cron, such as Europe/Berlin')
      .option('--minutes <number>', 'how long a window of --cron is')
      .option('--note <text>', 'why')
      .option('--by <name>', 'who plans it (default: your login name)'),
  )
    .addHelpText(
      'after',
      examples(
        "parallax maintenance add db-upgrade --tags db --until 2h --note 'PostgreSQL 18'",
        'parallax maintenance add move --endpoints shop,pay --from 2026-12-05T22:00:00Z --until 2026-12-06T02:00:00Z',
        "parallax maintenance add patch-night --all --cron '0 2 * * SUN#2' --time-zone Europe/Berlin --minutes 180",
      ),
    )
    .action(async (id: string, options: WrittenMaintenance) => {
      const { runPlan } = await import('../maintenance.ts');
      process.exitCode = await runPlan(id, options);
    });

const remove = (): Command =>
  withApi(
    new Command('remove')
      .alias('rm')
      .alias('delete')
      .description('end it now and plan none any more: what is still wrong is told')
      .argument('<id>', 'the maintenance'),
  )
    .addHelpText('after', examples('parallax maintenance remove db-upgrade'))
    .action(async (id: string, options: WrittenApi) => {
      const { runEnd } = await import('../maintenance.ts');
      process.exitCode = await runEnd(id, options);
    });
