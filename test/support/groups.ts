import { causeKey } from '../../lib/incident/cause.ts';
import { judgeGroup } from '../../lib/incident/group.ts';
import {
  type GroupState,
  type GroupTransition,
  type Member,
  type MembersOfCohort,
  noGroup,
} from '../../lib/incident/group-state.ts';
import type { Acknowledgement, Transition } from '../../lib/incident/state.ts';
import { SINCE, transitionOf } from './transitions.ts';

export const REGION_CAUSE = causeKey({ kind: 'region', value: 'eu-west-1' }, 'web');
export const ADDRESS_CAUSE = causeKey({ kind: 'address', value: '203.0.113.7' }, undefined);

export function member(n: number, over: Partial<Member> = {}): Member {
  return {
    id: `shop-${n}`,
    tag: 1000 + n,
    name: `Shop ${n}`,
    host: `shop${n}.example.com`,
    port: 443,
    since: SINCE + n * 100,
    dueAt: SINCE + n * 100 + 30_000,
    kind: 'partial',
    rule: 'blocked_from_some',
    severity: 'P2',
    told: 'together',
    causes: [REGION_CAUSE],
    fails: true,
    flapping: false,
    runbookUrl: null,
    acknowledged: null,
    ...over,
  };
}

/** @param example - how one of them would be told; default: as its rule says. */
export function cohortOf(members: readonly Member[], example: Transition | null = null): MembersOfCohort {
  const told = example ?? transitionOf(members[0]?.rule ?? 'blocked_from_some');
  return { members, example: { ...told, endpoint: { ...told.endpoint, id: members[0]?.id ?? '' } } };
}

/** A group that is judged as time passes, and what it tells. */
export class GroupLife {
  state: GroupState;
  now = SINCE + 31_000;
  remindEveryMs: number | null = null;
  /** Of the group as a whole. */
  acknowledgement: Acknowledgement | null = null;
  /** When the newest of those that leave was well again. */
  endedAt: number | null = null;
  example: Transition | null = null;
  /** Whether any of them is not. */
  left = false;
  readonly told: GroupTransition[] = [];

  constructor(cause = REGION_CAUSE) {
    this.state = noGroup(cause);
  }

  judge(seconds: number, members: readonly Member[]): this {
    this.now += seconds * 1000;
    const { now, remindEveryMs, endedAt, left } = this;
    const cohorts = members.length > 0 ? [cohortOf(members, this.example)] : [];
    const { state } = judgeGroup({
      state: this.state,
      cohorts,
      acknowledgement: this.acknowledgement,
      endedAt,
      left,
      now,
      remindEveryMs,
    });
    this.told.push(...state.outbox.slice(this.state.outbox.length).map(({ transition }) => transition));
    this.state = state;
    return this;
  }
}

export const ON_IT: Acknowledgement = { by: 'ada', note: null, at: SINCE + 100_000, until: null };

const some = (count: number, over: Partial<Member> = {}): Member[] =>
  Array.from({ length: count }, (_, n) => member(n, over));

/** Trigger, update, acknowledge, resolve. */
export function lifeOfGroup(cause: string, over: Partial<Member> = {}): readonly GroupTransition[] {
  const all = some(62, over);
  return new GroupLife(cause)
    .judge(0, all.slice(0, 6))
    .judge(130, all)
    .judge(
      30,
      all.map((one, n) => (n === 0 ? { ...one, acknowledged: { ...ON_IT, at: SINCE + 180_000 } } : one)),
    )
    .judge(300, []).told;
}
