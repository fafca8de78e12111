import { judgeGroup } from '../incident/group.ts';
import type { GroupState } from '../incident/group-state.ts';
import type { GroupInput } from '../incident/group-telling.ts';
import { acknowledgementsOfOthers, removeAcknowledgementOf } from '../store/acknowledgement.ts';
import { membersOf } from '../store/cause.ts';
import { getGroup, removeGroup, saveGroup } from '../store/group.ts';
import type { JudgeContext } from './judge-context.ts';
import { saveNext } from './save.ts';
import { tellOne } from './tell.ts';

/** What is known of those that have left. */
type Gone = Pick<GroupInput, 'endedAt' | 'left'>;

export interface Grouped {
  readonly cause: string;
  /** Endpoints that are told as one now. */
  readonly members: number;
}

/**
 * Judges what many incidents have in common from what the judges of the cohorts have said of it, and tells it.
 * @throws when something that must not be lost failed; the queue delivers the message again and everything converges.
 */
export async function group(cause: string, gone: Gone, context: JudgeContext): Promise<Grouped> {
  const { table, environment, now } = context;
  const [state, cohorts, acknowledgements] = await Promise.all([
    getGroup(table, cause),
    membersOf(table, cause),
    acknowledgementsOfOthers(table, [cause]),
  ]);
  const acknowledgement = acknowledgements.get(cause) ?? null;
  const remindEveryMs = environment.remindEveryMinutes * 60_000 || null;
  const judged = judgeGroup({ state, cohorts, acknowledgement, ...gone, now: now(), remindEveryMs });
  const saved = judged.changed ? await save(judged.state, context) : judged.state;
  const troubles: unknown[] = [];
  const keeping = { save: (next: GroupState) => save(next, context), copy: () => Promise.resolve() };
  const told = await tellOne(saved, keeping, context, troubles);
  if (troubles.length > 0)
    throw new Error(`${troubles.length} alerts could not be told yet`, { cause: troubles[0] });
  if (told.version > 0 && told.incident === null && told.outbox.length === 0) {
    if (acknowledgement) await removeAcknowledgementOf(table, cause);
    await removeGroup(table, told);
  }
  const members = cohorts
    .flatMap((cohort) => cohort.members)
    .filter(({ told: how }) => how === 'together').length;
  return { cause, members };
}

function save(state: GroupState, { table }: JudgeContext): Promise<GroupState> {
  return saveNext(state, (next) => saveGroup(table, next), `the group ${state.cause}`);
}
