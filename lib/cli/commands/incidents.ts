import { Command } from 'commander';
import type { WrittenIncidents } from '../incidents.ts';
import { examples, group, withApi } from '../options.ts';

const TIME = '30m, 2h, 7d ago, or a time such as 2026-01-31T12:00:00Z';

/** What is open and what was: list (also when nothing else is said), summary. */
export const incidentsCommand = (): Command =>
  group('incidents', 'what is open, and what was', [list(), summary()]).addHelpText(
    'after',
    examples(
      'parallax incidents                            what is open now, as parallax incidents list',
      'parallax incidents --since 7d --team web      what opened in the last week',
      'parallax incidents summary --since 30d        how many, and how long they took',
    ),
  );

const filtered = (command: Command): Command =>
  withApi(
    command
      .option('--before <time>', `${TIME} (default: now)`)
      .option('--team <team>', 'only of this team')
      .option('--endpoint <id>', 'only of this endpoint')
      .option('--kind <kind>', 'only of this kind: partial, down, failing_where_seen, not_watched, …'),
  );

const list = (): Command =>
  filtered(
    new Command('list')
      .description('what is open now; with --since what opened from then on, newest first')
      .option('--since <time>', TIME),
  )
    .addHelpText('after', examples('parallax incidents list --since 24h --kind partial'))
    .action(async (options: WrittenIncidents) => {
      const { runIncidents } = await import('../incidents.ts');
      process.exitCode = await runIncidents(options);
    });

const summary = (): Command =>
  filtered(
    new Command('summary')
      .description('how many there were, and how long it took to tell, acknowledge and resolve them')
      .option('--since <time>', `${TIME} (default: 30d)`),
  )
    .addHelpText('after', examples('parallax incidents summary --since 90d --team web'))
    .action(async (options: WrittenIncidents) => {
      const { runIncidentSummary } = await import('../incidents.ts');
      process.exitCode = await runIncidentSummary(options);
    });
