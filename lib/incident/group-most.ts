import type { GroupIncident, Member, MembersOfCohort } from './group-state.ts';
import type { Transition } from './state.ts';

/** The causes that at least half of the members may have now, the most frequent first. */
export function causesOfMost(members: readonly Pick<Member, 'causes'>[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { causes } of members) {
    for (const cause of causes) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => 2 * count >= members.length)
    .sort(([, one], [, other]) => other - one)
    .map(([cause]) => cause);
}

type Known = Pick<GroupIncident, 'causes' | 'example'> | null;

/** The members that have what most of them have; as long as half of them still have it, that is what was told. */
export function membersOfMost(members: readonly Member[], known: Known): readonly Member[] {
  const most = causesOfMost(members);
  const wanted = known?.causes.find((cause) => most.includes(cause)) ?? most[0];
  const found = members.filter(({ causes }) => wanted !== undefined && causes.includes(wanted));
  return found.length > 0 ? found : members;
}

/** What is told of one of them. */
export function exampleOf(
  cohorts: readonly MembersOfCohort[],
  members: readonly Member[],
  known: Known,
): Transition {
  const most = new Set(membersOfMost(members, known).map(({ id }) => id));
  const oldest = [...cohorts].sort((one, other) => one.example.since - other.example.since);
  const found = oldest.find(({ example }) => most.has(example.endpoint.id)) ?? known ?? oldest[0];
  if (!found) throw new Error('a group without members has no example');
  return found.example;
}
