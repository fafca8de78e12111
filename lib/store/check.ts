import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type CheckTarget, checkTarget } from '../endpoint/check.ts';
import type { CertificateFacts } from '../round/certificate.ts';
import { decodeFull, encodeFull } from '../round/full.ts';
import type { Observation, TlsFacts } from '../round/observation.ts';
import { certificateSchema } from './certificate.ts';
import { CHECK, CHECK_ANSWER_PREFIX, keys } from './keys.ts';
import { getItem, type Item, parseItem, queryAll, UnreadableItem } from './read.ts';
import { held, type Table } from './table.ts';

/** What somebody has asked every region to try once. */
export interface Check {
  readonly id: string;
  /** Epoch ms. */
  readonly askedAt: number;
  /** The endpoint it was asked by; null: by its host. */
  readonly endpoint: string | null;
  readonly target: CheckTarget;
  /** Asked, in the deployment's order. */
  readonly regions: readonly string[];
}

/** What one region saw. */
export interface CheckAnswer {
  readonly region: string;
  readonly observation: Observation;
  /** What TLS agreed on; null: it did not come that far. */
  readonly tls: TlsFacts | null;
  readonly certificate: CertificateFacts | null;
  /** The prober's public address; null: not known. */
  readonly sourceAddress: string | null;
}

export interface AnsweredCheck extends Check {
  readonly answers: readonly CheckAnswer[];
}

/** Nobody looks at a minute's count once the minute is over. */
const COUNT_KEPT_SECONDS = 3600;

const text = z.nullable(z.string());

const checkSchema: z.ZodMiniType<Check> = z.object({
  id: z.string(),
  askedAt: z.number(),
  endpoint: text,
  target: checkTarget,
  regions: z.array(z.string()),
} satisfies Record<keyof Check, z.ZodMiniType>);

const answerSchema = z.object({
  region: z.string(),
  observation: z.instanceof(Uint8Array),
  tls: z.nullable(z.object({ version: text, cipher: text, alpn: text })),
  certificate: z.nullable(certificateSchema),
  sourceAddress: text,
} satisfies Record<keyof CheckAnswer, z.ZodMiniType>);

/** Keeps a check for good: whoever has its id may look at it in a year. So do its answers. */
export async function putCheck(table: Table, check: Check): Promise<void> {
  const item = { ...check, ...keys.check(check.id) };
  await table.documents.send(new PutCommand({ TableName: table.name, Item: item }));
}

/** Keeps what a region saw, once. False: it has answered already, and that is left as it is. */
export async function putCheckAnswer(table: Table, id: string, answer: CheckAnswer): Promise<boolean> {
  const { observation, ...rest } = answer;
  const item = {
    ...rest,
    observation: encodeFull([{ position: 0, observation }]),
    ...keys.checkAnswer(id, answer.region),
  };
  return held(
    table.documents.send(
      new PutCommand({
        TableName: table.name,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
}

/** Whether a region has answered. */
export async function hasAnswered(table: Table, id: string, region: string): Promise<boolean> {
  return (await getItem(table, keys.checkAnswer(id, region), { ProjectionExpression: 'pk' })) !== null;
}

/** A check with the answers that have come; null: there is none of this id. */
export async function getCheck(table: Table, id: string): Promise<AnsweredCheck | null> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': keys.check(id).pk },
    ConsistentRead: true,
  });
  const asked = items.find(({ sk }) => sk === CHECK);
  if (!asked) return null;
  const answers = items.filter(({ sk }) => String(sk).startsWith(CHECK_ANSWER_PREFIX)).map(answerIn);
  return { ...parseItem(checkSchema, asked), answers };
}

/** Counts one more check in the minute of a time. False: there are as many as may be. */
export async function countCheck(table: Table, nowMs: number, most: number): Promise<boolean> {
  const minute = Math.floor(nowMs / 60_000);
  return held(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.checksAsked(minute),
        UpdateExpression: 'SET expiresAt = :expiresAt ADD #asked :one',
        ConditionExpression: 'attribute_not_exists(#asked) OR #asked < :most',
        ExpressionAttributeNames: { '#asked': 'asked' },
        ExpressionAttributeValues: {
          ':one': 1,
          ':most': most,
          ':expiresAt': minute * 60 + COUNT_KEPT_SECONDS,
        },
      }),
    ),
  );
}

function answerIn(item: Item): CheckAnswer {
  const { observation: packed, ...rest } = parseItem(answerSchema, item);
  const [only] = decodeFull(packed);
  if (!only) {
    throw new UnreadableItem(`the item ${String(item.pk)} / ${String(item.sk)} holds no observation`);
  }
  return { ...rest, observation: only.observation };
}
