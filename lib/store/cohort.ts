import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { COHORT_SIZE, parseCohort } from '../endpoint/cohort.ts';
import { keys, MEMBER_PREFIX, memberAttribute } from './keys.ts';
import { getItem, getItems, type Item, parseItem } from './read.ts';
import { noteFreed } from './room.ts';
import { held, type Table } from './table.ts';
import { packTags, unpackTags } from './tags.ts';

export interface Cohort {
  readonly cohort: string;
  /** Tag to when its place was claimed, epoch ms. */
  readonly members: ReadonlyMap<number, number>;
  /** Raised by every change of a member: cached endpoints of another plan are stale. */
  readonly plan: number;
  /** Region to the tags known to fail there. A region without any is absent. */
  readonly attention: ReadonlyMap<string, ReadonlySet<number>>;
  /** The judge is to look at it by then, whatever happens; null: no need. Epoch ms. */
  readonly wakeAt: number | null;
  /** Causes that its open incidents may share with others, and a digest of what is stored of each. */
  readonly causes: ReadonlyMap<string, string>;
  /** Raised before a judge saves any STATE of a member: states that were read at another count are stale. */
  readonly saves: number;
}

const binary = z.instanceof(Uint8Array);
export const attentionSchema = z.optional(z.record(z.string(), binary));
const attentionItem = z.object({ sk: z.string(), attention: attentionSchema });
const cohortSchema = z.object({
  sk: z.string(),
  plan: z.int(),
  attention: attentionSchema,
  wakeAt: z.optional(z.number()),
  causes: z.optional(z.record(z.string(), z.string())),
  saves: z.optional(z.int()),
});

function toCohort(item: Item): Cohort {
  const { sk, plan, attention, wakeAt = null, causes = {}, saves = 0 } = parseItem(cohortSchema, item);
  const members = Object.entries(item).flatMap(([name, claimedAt]) =>
    name.startsWith(MEMBER_PREFIX) && typeof claimedAt === 'number'
      ? [[Number.parseInt(name.slice(MEMBER_PREFIX.length), 16), claimedAt] as const]
      : [],
  );
  return {
    cohort: sk,
    plan,
    members: new Map(members),
    attention: unpackAttention(attention),
    wakeAt,
    causes: new Map(Object.entries(causes)),
    saves,
  };
}

/** Per region the tags that fail there. */
export function unpackAttention(
  attention: Readonly<Record<string, Uint8Array>> = {},
): ReadonlyMap<string, ReadonlySet<number>> {
  return new Map(Object.entries(attention).map(([region, tags]) => [region, unpackTags(tags)]));
}

/** One cohort; null when nobody ever claimed a place in it. */
export async function getCohort(table: Table, cohort: string): Promise<Cohort | null> {
  const item = await getItem(table, keys.cohort(cohort));
  return item && toCohort(item);
}

/** A claim is refused and a place is free by the time one looks: so many times in a row is not chance any more. */
const CLAIM_ATTEMPTS = 5;

/**
 * Claims a place by one conditional update, which makes the cohort if need be. Each member is an attribute of its own and
 * not an entry of a map, because an update cannot both make a map and put something into it.
 * @returns true: the tag is a member (now, or it was already); false: the cohort is full.
 */
export async function claimPlace(table: Table, cohort: string, tag: number, nowMs: number): Promise<boolean> {
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS; attempt++) {
    const claimed = await held(
      table.documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.cohort(cohort),
          UpdateExpression: 'SET #member = :now ADD #places :one, #plan :one',
          ConditionExpression:
            'attribute_not_exists(#member) AND (attribute_not_exists(#places) OR #places < :size)',
          ExpressionAttributeNames: { '#member': memberAttribute(tag), '#places': 'places', '#plan': 'plan' },
          ExpressionAttributeValues: { ':now': nowMs, ':one': 1, ':size': COHORT_SIZE },
        }),
      ),
    );
    if (claimed) return true;
    const found = await getCohort(table, cohort);
    if (found?.members.has(tag)) return true;
    if (found && found.members.size >= COHORT_SIZE) return false;
  }
  throw new Error(
    `a place in the cohort ${cohort} was freed ${CLAIM_ATTEMPTS} times and lost again: try once more`,
    {
      cause: { cohort, tag },
    },
  );
}

/** Frees a place, raises the plan, and says where there is room now. Free already: only the last. */
export async function releasePlace(table: Table, cohort: string, tag: number): Promise<void> {
  await held(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.cohort(cohort),
        UpdateExpression: 'REMOVE #member ADD #places :less, #plan :one',
        ConditionExpression: 'attribute_exists(#member)',
        ExpressionAttributeNames: { '#member': memberAttribute(tag), '#places': 'places', '#plan': 'plan' },
        ExpressionAttributeValues: { ':less': -1, ':one': 1 },
      }),
    ),
  );
  const { intervalSeconds, number } = parseCohort(cohort);
  await noteFreed(table, intervalSeconds, number);
}

/** Says that a member has changed. No such cohort: nothing happens. */
export async function raisePlan(table: Table, cohort: string): Promise<void> {
  await held(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.cohort(cohort),
        UpdateExpression: 'ADD #plan :one',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#plan': 'plan' },
        ExpressionAttributeValues: { ':one': 1 },
      }),
    ),
  );
}

/** The tags known to fail from a region, by cohort and all at one time; cohorts that are not there are left out. */
export async function readAttention(
  table: Table,
  cohorts: readonly string[],
  region: string,
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const items = await getItems(
    table,
    cohorts.map((cohort) => keys.cohort(cohort)),
    {
      ProjectionExpression: 'pk, sk, attention.#region',
      ExpressionAttributeNames: { '#region': region },
    },
  );
  return new Map(
    items.map((item) => {
      const { sk, attention } = parseItem(attentionItem, item);
      return [sk, unpackTags(attention?.[region] ?? new Uint8Array())];
    }),
  );
}

/**
 * Writes the whole attention of a cohort and touches nothing else of it. The judge alone calls it, one call at a time for a cohort.
 * @returns false: no such cohort, nothing written.
 */
export async function writeAttention(
  table: Table,
  cohort: string,
  attention: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<boolean> {
  const packed = [...attention]
    .filter(([, tags]) => tags.size > 0)
    .map(([region, tags]) => [region, packTags(tags)]);
  return held(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.cohort(cohort),
        UpdateExpression: 'SET attention = :attention',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':attention': Object.fromEntries(packed) },
      }),
    ),
  );
}

/** Says by when the judge is to look at a cohort; null: no need. The judge alone calls it. No such cohort: nothing happens. */
export async function writeWake(table: Table, cohort: string, wakeAt: number | null): Promise<void> {
  await held(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.cohort(cohort),
        UpdateExpression: wakeAt === null ? 'REMOVE wakeAt' : 'SET wakeAt = :wakeAt',
        ConditionExpression: 'attribute_exists(pk)',
        ...(wakeAt === null ? {} : { ExpressionAttributeValues: { ':wakeAt': wakeAt } }),
      }),
    ),
  );
}

/**
 * Says that states of members are about to be saved. The judge alone calls it.
 * @returns the count from now on; null: no such cohort.
 */
export async function raiseSaves(table: Table, cohort: string): Promise<number | null> {
  try {
    const { Attributes } = await table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.cohort(cohort),
        UpdateExpression: 'ADD #saves :one',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#saves': 'saves' },
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(Attributes?.saves);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}

/** Says what is stored of the causes of a cohort's incidents. The judge alone calls it. No such cohort: nothing happens. */
export async function writeCauses(
  table: Table,
  cohort: string,
  causes: ReadonlyMap<string, string>,
): Promise<void> {
  await held(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.cohort(cohort),
        UpdateExpression: causes.size === 0 ? 'REMOVE causes' : 'SET causes = :causes',
        ConditionExpression: 'attribute_exists(pk)',
        ...(causes.size === 0
          ? {}
          : { ExpressionAttributeValues: { ':causes': Object.fromEntries(causes) } }),
      }),
    ),
  );
}
