import { setTimeout as sleep } from 'node:timers/promises';
import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** A message without its id in the batch. */
export type Entry = Omit<SendMessageBatchRequestEntry, 'Id'> & { readonly MessageBody: string };

/** SendMessageBatch takes 10 messages and 1 MiB, attributes (we have none) and bodies together. */
export const BATCH_MESSAGES = 10;
export const BATCH_BYTES = 1_048_576;
/** Batches under way at once. */
const CONCURRENCY = 8;
/** How often a batch is sent before what SQS still refuses of it is an error. */
const ATTEMPTS = 4;

/**
 * Sends all messages, in as few batches as they fit into.
 * @throws when a message is larger than SQS takes (then nothing is sent), or is still refused after four attempts.
 */
export async function sendAll(client: SQSClient, queueUrl: string, entries: readonly Entry[]): Promise<void> {
  const waiting = batchesOf(entries);
  const worker = async (): Promise<void> => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift())
      await sendBatch(client, queueUrl, batch);
  };
  const workers = Array.from({ length: Math.min(CONCURRENCY, waiting.length) }, worker);
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** @throws when one message alone is too large. */
export function batchesOf(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  let batch: Entry[] = [];
  let batchBytes = 0;
  for (const entry of entries) {
    const bytes = Buffer.byteLength(entry.MessageBody);
    if (bytes > BATCH_BYTES) {
      throw new Error(`a message of ${bytes} bytes does not fit into SQS, which takes ${BATCH_BYTES}`, {
        cause: { begins: entry.MessageBody.slice(0, 200) },
      });
    }
    if (batch.length === BATCH_MESSAGES || batchBytes + bytes > BATCH_BYTES || batch.length === 0) {
      batch = [];
      batchBytes = 0;
      batches.push(batch);
    }
    batch.push(entry);
    batchBytes += bytes;
  }
  return batches;
}

async function sendBatch(client: SQSClient, queueUrl: string, batch: readonly Entry[]): Promise<void> {
  let left = batch;
  for (let attempt = 1; ; attempt++) {
    const { Failed: failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: left.map((entry, position) => ({ ...entry, Id: String(position) })),
      }),
    );
    if (failed.length === 0) return;
    if (attempt === ATTEMPTS || failed.some((one) => one.SenderFault)) {
      const [first] = failed;
      throw new Error(
        `SQS refused ${failed.length} of ${left.length} messages to ${queueUrl}: ${first?.Code}: ${first?.Message ?? ''}`,
        { cause: { failed } },
      );
    }
    const again = new Set(failed.map((one) => one.Id));
    left = left.filter((_, position) => again.has(String(position)));
    await sleep(50 * 2 ** attempt * Math.random());
  }
}
