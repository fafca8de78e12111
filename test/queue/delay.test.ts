import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueues, type Queues } from '../../lib/queue/queues.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';

// One region, because the emulator's inspection page goes by a queue's name alone.
let stack: TestStack;
let queues: Queues;
beforeAll(async () => {
  stack = await startTestStack({ regions: ['eu-west-1'] });
  queues = openQueues(stack.environment());
});
afterAll(() => stack.close());

interface Waiting {
  readonly body: string;
  readonly delayUntil?: number;
  readonly sentTimestamp: number;
}

/** The delay in seconds of the message that holds `text`. */
async function delayOf(text: string): Promise<number> {
  const answer = await fetch(`${stack.emulators.awsUrl}/_fauxqs/queues/test-probe`);
  const { messages } = (await answer.json()) as { messages: { ready: Waiting[]; delayed: Waiting[] } };
  const waiting = [...messages.ready, ...messages.delayed].find(({ body }) => body.includes(text));
  if (!waiting) throw new Error(`no message with ${text} waits`);
  return Math.round(((waiting.delayUntil ?? waiting.sentTimestamp) - waiting.sentTimestamp) / 1000);
}

test.each([
  ['at once', undefined, 0],
  ['a minute ago', -60_000, 0],
  ['in 999 ms', 999, 0],
  ['in a second', 1000, 1],
  ['in just under a minute', 59_999, 59],
  ['in a quarter of an hour', 900_000, 900],
  ['in an hour', 3_600_000, 900],
])('what is due %s is delayed by whole seconds, 900 at most', async (_, aheadMs, delay) => {
  const now = Date.now();
  const suspicion = randomUUID();
  const message = { v: 1, kind: 'confirm', cohort: '60-0', due: 1, suspicion, tries: [] } as const;
  await queues.sendProbe(
    'eu-west-1',
    [aheadMs === undefined ? { message } : { message, dueMs: now + aheadMs }],
    now,
  );
  expect(await delayOf(suspicion)).toBe(delay);
});
