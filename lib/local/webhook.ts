import type { Envelope } from './inbox.ts';

/** SNS itself tries three times at once before it waits longer ("Message delivery retries", HTTP/S immediate phase). */
const TRIES = 4;
const BETWEEN_MS = 1000;

/** SNS gives an HTTP endpoint 15 s to answer. */
const ANSWER_MS = 15_000;

/**
 * POSTs an envelope as SNS does to an http(s) subscriber; a few tries.
 * @throws with the last failure when none was answered with 2xx.
 */
export async function postEnvelope(url: string, envelope: Envelope, closing: AbortSignal): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
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
      if (response.ok) return;
      throw new Error(`it answered ${response.status}`);
    } catch (cause) {
      if (closing.aborted || tried >= TRIES) throw new Error(`${url}: not delivered`, { cause });
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
  }
}
