import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { KINDS, SEVERITIES } from '../endpoint/severity.ts';
import { MEMBER_TOLD, type Member, type MembersOfCohort } from '../incident/group-state.ts';
import { RULES } from '../verdict/verdict.ts';
import { keys } from './keys.ts';
import { parseItem, queryAll } from './read.ts';
import { acknowledgedSchema, type Fields, transitionSchema } from './state-schema.ts';
import type { Table } from './table.ts';

export const memberSchema: z.ZodMiniType<Member> = z.object({
  id: z.string(),
  tag: z.int(),
  name: z.string(),
  host: z.string(),
  port: z.int(),
  since: z.number(),
  dueAt: z.number(),
  kind: z.enum(KINDS),
  rule: z.enum(RULES),
  severity: z.enum(SEVERITIES),
  told: z.enum(MEMBER_TOLD),
  causes: z.array(z.string()),
  fails: z.boolean(),
  flapping: z.boolean(),
  runbookUrl: z.nullable(z.string()),
  acknowledged: acknowledgedSchema,
} satisfies Fields<Member>);

const membersSchema: z.ZodMiniType<MembersOfCohort> = z.object({
  members: z.array(memberSchema),
  example: transitionSchema,
} satisfies Fields<MembersOfCohort>);

/** Says which endpoints of a cohort have a cause in common with others; in place of what was said of it before. */
export async function putMembers(
  table: Table,
  cause: string,
  cohort: string,
  said: MembersOfCohort,
): Promise<void> {
  const item = { ...said, count: said.members.length, ...keys.causeMembers(cause, cohort) };
  await table.documents.send(new PutCommand({ TableName: table.name, Item: item }));
}

/** None of a cohort has. Done already: nothing happens. */
export async function removeMembers(table: Table, cause: string, cohort: string): Promise<void> {
  await table.documents.send(
    new DeleteCommand({ TableName: table.name, Key: keys.causeMembers(cause, cohort) }),
  );
}

/** The members of every cohort. */
export async function membersOf(table: Table, cause: string): Promise<readonly MembersOfCohort[]> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': keys.causeMembers(cause, '').pk },
    ConsistentRead: true,
  });
  return items.map((item) => parseItem(membersSchema, item));
}

/** The cohorts that have members. */
export async function cohortsOf(table: Table, cause: string): Promise<readonly string[]> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': keys.causeMembers(cause, '').pk },
    ProjectionExpression: 'sk',
    ConsistentRead: true,
  });
  return items.map(({ sk }) => String(sk));
}

/** How many members other cohorts have. */
export async function countOthers(table: Table, cause: string, cohort: string): Promise<number> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': keys.causeMembers(cause, '').pk },
    ProjectionExpression: 'sk, #count',
    ExpressionAttributeNames: { '#count': 'count' },
    ConsistentRead: true,
  });
  return items.reduce((sum, { sk, count }) => (sk === cohort ? sum : sum + Number(count)), 0);
}
