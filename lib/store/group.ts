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

const incident: z.ZodMiniType<GroupIncident> = z.object({
  id: z.string(),
  since: time,
  openedAt: time,
  sequence: count,
  told: z.object({ count, severity, at: time }),
  most: count,
  acknowledged: acknowledgedSchema,
  example: transitionSchema,
} satisfies Fields<GroupIncident>);

const transition: z.ZodMiniType<GroupTransition> = z.object({
  endpoint: z.null(),
  group: z.object({ cause: z.string(), count, members: z.array(memberSchema) }),
  event: z.enum(EVENTS),
  dedupKey: z.string(),
  sequence: count,
  kind: z.enum(KINDS),
  rule: z.enum(RULES),
  severity,
  since: time,
  at: time,
  reminder: z.boolean(),
  acknowledged: acknowledgedSchema,
  before: z._default(z.nullable(z.object({ count, severity })), null),
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
  return putNext(table, { ...state, ...keys.group(state.cause) });
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
