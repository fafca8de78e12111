import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTopics } from '../../lib/topic/topics.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

test('every subscriber of the topic, and of no other, gets subject, body and attributes as they were', async () => {
  const { topicArns } = stack.environment();
  await openTopics('eu-west-1').publish(topicArns.json ?? '', {
    subject: '[P2] Shop blocked',
    body: '{"schema":"parallax.alert/1","name":"Läden ✓"}',
    attributes: { event: 'trigger', kind: 'partial' },
  });
  expect(await stack.published('email')).toEqual([]);
  expect(await stack.published('json')).toEqual([
    expect.objectContaining({
      Subject: '[P2] Shop blocked',
      Message: '{"schema":"parallax.alert/1","name":"Läden ✓"}',
      MessageAttributes: {
        event: { Type: 'String', Value: 'trigger' },
        kind: { Type: 'String', Value: 'partial' },
      },
    }),
  ]);
});

test('how many have subscribed is known', async () => {
  const { topicArns } = stack.environment();
  expect(await openTopics('eu-west-1').subscriptions(topicArns.json ?? '')).toEqual({
    confirmed: 1,
    pending: 0,
  });
});

test('a topic that is not there is an error', async () => {
  const publication = { subject: 's', body: 'b', attributes: {} };
  const gone = 'arn:aws:sns:eu-west-1:000000000000:gone';
  await expect(openTopics('eu-west-1').publish(gone, publication)).rejects.toThrow(/not exist/);
});
