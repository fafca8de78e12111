import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { KINDS, SEVERITIES } from '../endpoint/severity.ts';
import {
  type GroupIncident,
  type GroupState,
  type GroupTransition,
  noGroup,
} from '../incident/group-state.ts';
import { EVENTS, type Outgoing } from '../incident/state.ts';
import { RULES } from '../verdict/verdict.ts';
import { memberSchema } from './cause.ts';
import { GROUPS, keys } from './keys.ts';
import { getItem, parseItem, queryAll } from './read.ts';
import { putNext } from './state.ts';
import { acknowledgedSchema, type Fields, transitionSchema } from './state-schema.ts';
import { held, type Table } from './table.ts';

const count = z.int().check(z.nonnegative());
const time = z.number();
const severity = z.enum(SEVERITIES);

/** Four bytes each, little-endian: a group may have tens of thousands. */
const tags = z.pipe(
  z.instanceof(Uint8Array),
  z.transform((bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: bytes.byteLength / 4 }, (_, place) => view.getUint32(4 * place, true));
  }),
);

function tagBytes(known: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * known.length));
  for (const [place, tag] of known.entries()) view.setUint32(4 * place, tag, true);
  return new Uint8Array(view.buffer);
}

const told = { kind: z.enum(KINDS), rule: z.enum(RULES), severity, failing: z.array(z.string()) };

const incident: z.ZodMiniType<GroupIncident> = z.object({
  id: z.string(),
  since: time,
  openedAt: time,
  sequence: count,
  told: z.object({ ...told, count, at: time }),
  causes: z.array(z.string()),
  counted: tags,
  named: z.array(memberSchema),
  endedAt: z.nullable(time),
  left: z.boolean(),
  acknowledged: acknowledgedSchema,
  example: transitionSchema,
} satisfies Fields<GroupIncident>);

const transition: z.ZodMiniType<GroupTransition> = z.object({
  endpoint: z.null(),
  group: z.object({ cause: z.string(), count, fresh: count, members: z.array(memberSchema) }),
  event: z.enum(EVENTS),
  dedupKey: z.string(),
  sequence: count,
  kind: z.enum(KINDS),
  rule: z.enum(RULES),
  severity,
  since: time,
  at: time,
  endedAt: z.nullable(time),
  reminder: z.boolean(),
  acknowledged: acknowledgedSchema,
  before: z.nullable(z.object(told)),
  flapping: z.boolean(),
  end: z.nullable(z.enum(['recovered', 'changed'])),
  example: transitionSchema,
} satisfies Fields<GroupTransition>);

const groupSchema: z.ZodMiniType<GroupState> = z.object({
  cause: z.string(),
  version: count,
  incident: z.nullable(incident),
  wakeAt: z.nullable(time),
  outbox: z.array(
    z.object({ transition, told: z.array(z.string()) } satisfies Fields<Outgoing<GroupTransition>>),
  ),
  uncopied: z.array(z.never()),
} satisfies Fields<GroupState>);

/** What is told of a cause; nothing: version 0. */
export async function getGroup(table: Table, cause: string): Promise<GroupState> {
  const item = await getItem(table, keys.group(cause));
  return item ? parseItem(groupSchema, item) : noGroup(cause);
}

/** What is told as one now. */
export async function allGroups(table: Table): Promise<readonly GroupState[]> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': GROUPS },
    ConsistentRead: true,
  });
  return items.map((item) => parseItem(groupSchema, item));
}

/** Puts the state over the one of the version before it. False: lost the race, read and judge again. */
export function saveGroup(table: Table, state: GroupState): Promise<boolean> {
  const { incident: known } = state;
  const item = known && { ...known, counted: tagBytes(known.counted) };
  return putNext(table, { ...state, incident: item, ...keys.group(state.cause) });
}

/** Removes what is over and told, unless it has changed since. */
export function removeGroup(table: Table, { cause, version }: GroupState): Promise<boolean> {
  return held(
    table.documents.send(
      new DeleteCommand({
        TableName: table.name,
        Key: keys.group(cause),
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': version },
      }),
    ),
  );
}
