import { crc32 } from 'node:zlib';
import { GROUP_FROM } from '../incident/group.ts';
import type { MembersOfCohort } from '../incident/group-state.ts';
import { MESSAGE_VERSION } from '../queue/message.ts';
import { groupId } from '../queue/queues.ts';
import { countOthers, putMembers, removeMembers } from '../store/cause.ts';
import { type Cohort, writeCauses } from '../store/cohort.ts';
import type { JudgeContext } from './judge-context.ts';
import { keysOf, membersByCause, type Open } from './members.ts';
import type { Gone } from './together.ts';

/**
 * The causes, of those that have something due, that so many share now that they are told as one. Who is told under a likelier cause
 * does not count for a less likely one.
 */
export async function crowdedCauses(
  cohort: string,
  due: readonly Open[],
  open: readonly Open[],
  { table }: JudgeContext,
): Promise<ReadonlySet<string>> {
  const crowded = new Set<string>();
  for (let place = 0, left = due; left.length > 0; place += 1) {
    const own = membersByCause(open.filter((one) => !keysOf(one).some((key) => crowded.has(key))));
    const keys = new Set(left.flatMap((one) => keysOf(one)[place] ?? []));
    for (const key of keys) {
      const count = own.get(key)?.members.length ?? 0;
      const enough = count >= GROUP_FROM || count + (await countOthers(table, key, cohort)) >= GROUP_FROM;
      if (enough) crowded.add(key);
    }
    left = left.filter(
      (one) => keysOf(one).length > place + 1 && !keysOf(one).some((key) => crowded.has(key)),
    );
  }
  return crowded;
}

/**
 * Makes what is stored of a cohort's causes equal to what is now, then calls the judge of each cause that is, or was, told as one.
 * What is stored is noted on the cohort last: cut off before that, all is done again.
 *
 * @param gone - by cause, what is known of those that have left it just now.
 */
export async function noteCauses(
  { cohort, causes: before }: Cohort,
  byCause: ReadonlyMap<string, MembersOfCohort>,
  gone: ReadonlyMap<string, Gone>,
  { table, queues, now }: JudgeContext,
): Promise<void> {
  const after = new Map([...byCause].map(([key, said]) => [key, digestOf(said)]));
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );
  if (changed.length === 0) return;
  for (const key of changed) {
    const said = byCause.get(key);
    if (said) await putMembers(table, key, cohort, said);
    else await removeMembers(table, key, cohort);
  }
  const told = changed.filter((key) => isGrouped(before.get(key)) || isGrouped(after.get(key)));
  await queues.sendJudge(
    told.map((key) => ({
      message: { v: MESSAGE_VERSION, kind: 'group', cause: key, ...gone.get(key) } as const,
      deduplicationId: groupId(cohort, after.get(key) ?? 'gone', now()),
    })),
  );
  await writeCauses(table, cohort, after);
}

/** Whether any is told with others stands first, so that the judge of the cause is called when the last has left. */
function digestOf({ members }: MembersOfCohort): string {
  const grouped = members.some(({ told }) => told === 'together') ? 'g' : 's';
  return `${grouped}${crc32(JSON.stringify(members)).toString(36)}`;
}

const isGrouped = (digest: string | undefined): boolean => digest?.startsWith('g') ?? false;
