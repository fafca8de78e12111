import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { LocalQueue } from '../resources/kind.ts';
import type { LocalFunction } from '../runtime/function.ts';
import { failedOf, sqsEvent } from './event.ts';

export interface Polling {
  readonly sqs: SQSClient;
  readonly queue: LocalQueue;
  readonly function: LocalFunction;
  readonly batchSize: number;
  /** The function says which messages failed; without, an answer means that all went well. */
  readonly partial: boolean;
  trouble(what: string, error: unknown): void;
}

/** Batches of one mapping that are in work at a time: a slow try must not hold up a confirmation. */
const POLLERS = 4;

/** The longest that SQS lets a receive wait, in seconds (ReceiveMessage, WaitTimeSeconds). */
const WAIT_SECONDS = 20;

/** A queue that cannot be read is tried again after this long, in ms. */
const AGAIN_MS = 1000;

/**
 * Delivers a queue to a function until closed. What the function did is deleted; what it failed at, or answered nothing
 * to, stays in the queue until its visibility timeout, as on AWS. FIFO order is the queue's: it gives out no message of a
 * group while another is in work.
 */
export function startPolling(polling: Polling): { close(): Promise<void> } {
  const closing = new AbortController();
  const pollers = Array.from({ length: POLLERS }, () => poll(polling, closing.signal));
  return {
    async close() {
      closing.abort();
      await Promise.all(pollers);
    },
  };
}

async function poll(polling: Polling, closing: AbortSignal): Promise<void> {
  const { sqs, queue, batchSize } = polling;
  while (!closing.aborted) {
    try {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: Math.min(batchSize, 10),
          WaitTimeSeconds: WAIT_SECONDS,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
        { abortSignal: closing },
      );
      if (Messages.length > 0) await deliver(polling, Messages);
    } catch (error) {
      if (closing.aborted) return;
      polling.trouble(`the queue ${queue.name} cannot be read`, error);
      await pause(AGAIN_MS, closing);
    }
  }
}

async function deliver(polling: Polling, messages: readonly Message[]): Promise<void> {
  const { sqs, queue } = polling;
  let failed: ReadonlySet<string>;
  try {
    const answer = await polling.function.invoke(sqsEvent(messages, queue));
    failed = polling.partial ? failedOf(answer, messages) : new Set();
  } catch (error) {
    polling.trouble(`${polling.function.settings.name} failed`, error);
    return;
  }
  const done = messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
  if (done.length === 0) return;
  await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: queue.url,
      Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
}

function pause(ms: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    closing.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
