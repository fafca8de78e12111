import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { EVENTS, type Outgoing } from '../incident/state.ts';
import {
  type Expectation,
  type Finding,
  NOTHING_WATCHED,
  WATCH_ENDS,
  type WatchIncident,
  type WatchState,
  type WatchTransition,
} from '../incident/watch-state.ts';
import { SEVERITIES } from '../verdict/verdict.ts';
import { historyIndex, keys } from './keys.ts';
import { getItem, parseItem } from './read.ts';
import { putNext } from './state.ts';
import { acknowledgedSchema, type Fields } from './state-schema.ts';
import type { Table } from './table.ts';

const count = z.int().check(z.nonnegative());
const time = z.number();
const region = z.string();

const finding: z.ZodMiniType<Finding> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('region_unhealthy'),
    region,
    since: time,
    passed: count,
    tried: count,
    syns: count,
    lost: count,
  }),
  z.object({ kind: z.literal('region_silent'), region, since: time }),
  z.object({ kind: z.literal('dead_letters'), region: z.nullable(region), since: time, messages: count }),
  z.object({ kind: z.literal('judge_lagging'), region: z.null(), since: time }),
  z.object({ kind: z.literal('untold_alerts'), region: z.null(), since: time, formats: z.array(z.string()) }),
]);

const severity = z.enum(SEVERITIES);
const end = z.nullable(z.enum(WATCH_ENDS));

export const watchIncidentSchema: z.ZodMiniType<WatchIncident> = z.object({
  id: z.string(),
  subject: z.string(),
  finding,
  severity,
  since: time,
  openedAt: time,
  sequence: count,
  // What was saved before there were these fields must still be told; it is then reminded of at once.
  toldAt: z._default(time, 0),
  acknowledged: acknowledgedSchema,
  acknowledgedAt: z._default(z.nullable(time), null),
  endedAt: z.nullable(time),
  end,
} satisfies Fields<WatchIncident>);

const transition: z.ZodMiniType<WatchTransition> = z.object({
  endpoint: z.null(),
  event: z.enum(EVENTS),
  dedupKey: z.string(),
  sequence: count,
  severity,
  finding,
  at: time,
  end,
  acknowledged: acknowledgedSchema,
  reminder: z._default(z.boolean(), false),
  regions: count,
} satisfies Fields<WatchTransition>);

const expectation: z.ZodMiniType<Expectation> = z.object({
  since: time,
  intervalSeconds: count,
  silentSeenAt: z.nullable(time),
} satisfies Fields<Expectation>);

const watchSchema: z.ZodMiniType<WatchState> = z.object({
  version: count,
  expected: z.record(z.string(), expectation),
  open: z.record(z.string(), watchIncidentSchema),
  openedAt: z.record(z.string(), time),
  outbox: z.array(
    z.object({ transition, told: z.array(z.string()) } satisfies Fields<Outgoing<WatchTransition>>),
  ),
  uncopied: z.array(watchIncidentSchema),
} satisfies Fields<WatchState>);

/** What the judge knows of the watching; nothing yet: version 0. */
export async function getWatch(table: Table): Promise<WatchState> {
  const item = await getItem(table, keys.watch());
  return item ? parseItem(watchSchema, item) : NOTHING_WATCHED;
}

/** Puts the state over the one of the version before it. False: lost the race, read and judge again. */
export function saveWatch(table: Table, state: WatchState): Promise<boolean> {
  return putNext(table, { ...state, ...keys.watch() });
}

/** Writes the history copy of an incident over an older copy of it: as often as one likes. */
export async function putWatchIncident(table: Table, one: WatchIncident): Promise<void> {
  const Item = {
    ...one,
    ...keys.watchIncident(one.openedAt, one.subject),
    ...historyIndex(one.openedAt, one.subject),
  };
  await table.documents.send(new PutCommand({ TableName: table.name, Item }));
}
