import { UsageError } from '../../local/usage-error.ts';
import { connect } from '../api-client.ts';
import type { WrittenApi } from '../options.ts';
import { waiting } from '../progress.ts';
import { carryOut, type Done } from './carry-out.ts';
import { confirmRemoval } from './confirm.ts';
import { readAll } from './deployment.ts';
import { readMonitorFile } from './file.ts';
import { mistakeLine } from './place.ts';
import { type Plan, planOf } from './plan.ts';
import { openProgress } from './progress.ts';
import { readText } from './read-text.ts';
import { rehearse } from './rehearse.ts';
import type { Mistake } from './source.ts';
import { counts, planLines, summary } from './words.ts';

export interface WrittenApply extends WrittenApi {
  readonly dryRun: boolean;
  readonly prune: boolean;
  readonly takeOver: boolean;
  readonly yes: boolean;
}

const EXIT_MISTAKES = 2;

/**
 * Makes the deployment as a file says. Exit code 0: it is so now; 1: some of it failed, which is told; 2: the file is wrong, or removing was
 * not agreed to, and nothing has been changed.
 * @throws UsageError, ApiRefusal
 */
export async function runApply(file: string, options: WrittenApply): Promise<number> {
  const api = connect(options);
  const read = readMonitorFile(await readText(file));
  if ('mistakes' in read) return refuse(file, read.mistakes, options);
  const { scope, endpoints, mistakeOf } = read.file;
  if (options.prune && scope === null) {
    throw new UsageError(
      `--prune: ${file} needs a line such as "scope: web": only what was applied with it is ever removed`,
    );
  }
  const ids = endpoints.map(({ id }) => id);
  const deployed = await waiting('reading what is registered', readAll(api, ids));
  const plan = planOf(read.file, deployed, options);
  const foreign = plan.foreign.map((one) =>
    mistakeOf(one.id, {
      pointer: '#',
      message: `belongs to scope ${one.scope}: choose another id, or take it over with --take-over`,
    }),
  );
  const refused = await waiting('asking what would be refused', rehearse(api, plan.changes, read.file));
  const mistakes = [...foreign, ...refused];
  if (mistakes.length > 0) return refuse(file, mistakes, options);
  if (!options.json) process.stdout.write(`${preview(file, plan)}\n`);
  if (options.dryRun || plan.changes.length === 0) {
    if (options.json) writeJson(plan, null);
    return 0;
  }
  const removals = plan.changes.filter(({ action }) => action === 'remove').length;
  if (removals > 0 && !options.yes) await confirmRemoval(removals, options.json);
  const progress = openProgress('applying', plan.changes.length);
  const done = await carryOut(api, plan.changes, progress.step).finally(progress.close);
  if (options.json) writeJson(plan, done);
  else process.stdout.write(`${summary(done)}\n`);
  const failed = done.filter(({ error }) => error !== null);
  for (const { change, error } of failed) process.stderr.write(`parallax: ${change.id}: ${error}\n`);
  return failed.length === 0 ? 0 : 1;
}

function refuse(file: string, mistakes: readonly Mistake[], { json }: WrittenApi): number {
  const inOrder = [...mistakes].sort((a, b) => a.line - b.line || a.column - b.column);
  if (json) process.stdout.write(`${JSON.stringify({ mistakes: inOrder })}\n`);
  for (const mistake of inOrder) process.stderr.write(`${mistakeLine(file, mistake)}\n`);
  return EXIT_MISTAKES;
}

function preview(file: string, plan: Plan): string {
  const left =
    plan.left.length === 0
      ? []
      : [`not in ${file}, removed with --prune: ${plan.left.slice(0, 10).join(', ')}${more(plan.left, 10)}`];
  if (plan.changes.length > 0) return [...planLines(plan), '', counts(plan), ...left].join('\n');
  const none = plan.unchanged === 0 ? `${file} names no endpoint` : `${plan.unchanged} unchanged`;
  return [`nothing to do: ${none}`, ...left].join('\n');
}

const more = (items: readonly unknown[], shown: number): string =>
  items.length > shown ? ` and ${items.length - shown} more` : '';

/** What is planned, and how it ended; `done` null: it was not done. */
function writeJson(plan: Plan, done: readonly Done[] | null): void {
  const errors = new Map(done?.map(({ change, error }) => [change, error]));
  const changes = plan.changes.map((change) => ({
    id: change.id,
    action: change.action,
    fields:
      change.action === 'change'
        ? change.fields.map((one) => ({ field: one.field, old: one.old ?? null, new: one.new ?? null }))
        : [],
    done: done !== null && errors.get(change) === null,
    error: errors.get(change) ?? null,
  }));
  const { unchanged, left } = plan;
  process.stdout.write(`${JSON.stringify({ changes, unchanged, left })}\n`);
}
