import { setTimeout as pause } from 'node:timers/promises';
import type { Envelope } from './inbox.ts';

/** A receiver that is started after the stack, or again, should miss nothing: tried for about a minute. */
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000, 30_000] as const;

/** SNS gives an HTTP endpoint 15 s to answer. */
const ANSWER_MS = 15_000;

/** One queue for each URL: a resolve never overtakes its trigger. */
export interface Webhooks {
  /** Delivers after all that was posted to the same URL before. What cannot be delivered is told to `trouble`. */
  post(url: string, envelope: Envelope): void;
  /** Resolves once nothing waits; at once when `closing` has been aborted. */
  idle(): Promise<void>;
}

/**
 * POSTs envelopes as SNS does to http(s) subscribers, again after each pause until one answers with 2xx.
 * @param closing ends every try and pause at once, and in silence.
 * @param trouble is told of each envelope that was given up, with the last failure.
 */
export function openWebhooks(
  closing: AbortSignal,
  trouble: (what: string, error: unknown) => void,
  pausesMs: readonly number[] = PAUSES_MS,
): Webhooks {
  const queues = new Map<string, Promise<void>>();

  async function deliver(url: string, envelope: Envelope): Promise<void> {
    for (const pauseMs of [...pausesMs, null]) {
      if (closing.aborted) return;
      try {
        await postOnce(url, envelope, closing);
        return;
      } catch (error) {
        if (closing.aborted) return;
        if (pauseMs === null) trouble(`--webhook ${url}: an alert was not delivered`, error);
        // Its only error is that of closing.
        else await pause(pauseMs, undefined, { signal: closing }).catch(() => {});
      }
    }
  }

  return {
    post(url, envelope) {
      const before = queues.get(url) ?? Promise.resolve();
      queues.set(
        url,
        before.then(() => deliver(url, envelope)),
      );
    },
    async idle() {
      await Promise.all(queues.values());
    },
  };
}

/** @throws when it is not answered with 2xx. */
async function postOnce(url: string, envelope: Envelope, closing: AbortSignal): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': envelope.Type,
      'x-amz-sns-message-id': envelope.MessageId,
      'x-amz-sns-topic-arn': envelope.TopicArn,
      'user-agent': 'Amazon Simple Notification Service Agent',
    },
    body: JSON.stringify(envelope),
    redirect: 'manual',
    signal: AbortSignal.any([closing, AbortSignal.timeout(ANSWER_MS)]),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}
