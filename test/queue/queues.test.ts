import { randomUUID } from 'node:crypto';
import { DeleteQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newsId, openQueues, type Queues, sweepId } from '../../lib/queue/queues.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';

let stack: TestStack;
let queues: Queues;
beforeAll(async () => {
  stack = await startTestStack();
  queues = openQueues(stack.environment());
});
afterAll(() => stack.close());

const NOW = Date.now();
const confirm = (suspicion: string) =>
  ({ v: 1, kind: 'confirm', cohort: '60-0', due: 1, suspicion, tries: [] }) as const;
const sweep = (cohort: string) => ({ v: 1, kind: 'sweep', cohort }) as const;
const bodies = (messages: readonly { readonly Body?: string | undefined }[]) =>
  messages.map((message) => JSON.parse(message.Body ?? ''));

test('dead letters are counted in every region, those that somebody looks at too; a queue that is not there is left out', async () => {
  const { judgeQueueUrl, probeQueueUrls } = stack.environment();
  const url = probeQueueUrls['us-east-1']?.replace(/probe$/, 'probe-dead');
  const send = () => stack.sqs('us-east-1').send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
  const expected = (messages: number) => [
    { region: null, messages: 0 },
    { region: 'eu-west-1', messages: 0 },
    { region: 'us-east-1', messages },
    { region: 'ap-southeast-2', messages: 0 },
  ];
  expect(await queues.deadLetters()).toEqual(expected(0));
  await send();
  await send();
  await stack.sqs('us-east-1').send(new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout: 60 }));
  expect(await queues.deadLetters()).toEqual(expected(2));
  const logged = vi.spyOn(console, 'warn').mockReturnValue();
  const deadUrl = judgeQueueUrl.replace(/judge\.fifo$/, 'judge-dead.fifo');
  await stack.sqs('eu-west-1').send(new DeleteQueueCommand({ QueueUrl: deadUrl }));
  expect(await queues.deadLetters()).toEqual(expected(2).slice(1));
  expect(logged).toHaveBeenCalledOnce();
  logged.mockRestore();
});

describe('to the probers', () => {
  test('a message reaches the queue of its region, of the same name everywhere, and no other', async () => {
    await queues.sendProbe('us-east-1', [{ message: confirm('us') }], NOW);
    await queues.sendProbe('ap-southeast-2', [{ message: confirm('ap') }], NOW);
    expect(bodies(await stack.probeMessages('eu-west-1'))).toEqual([]);
    expect(bodies(await stack.probeMessages('us-east-1'))).toEqual([confirm('us')]);
    expect(bodies(await stack.probeMessages('ap-southeast-2'))).toEqual([confirm('ap')]);
  });

  test('more messages than a batch holds all arrive, once each', async () => {
    const sent = Array.from({ length: 127 }, (_, n) => confirm(`n${n}`));
    await queues.sendProbe(
      'us-east-1',
      sent.map((message) => ({ message })),
      NOW,
    );
    const received = bodies(await stack.probeMessages('us-east-1')).map((message) => message.suspicion);
    expect(received.sort()).toEqual(sent.map((message) => message.suspicion).sort());
  });

  test('large messages are parted by size', async () => {
    const sent = Array.from({ length: 7 }, (_, n) => confirm(`${n}${'é'.repeat(200_000)}`));
    await queues.sendProbe(
      'us-east-1',
      sent.map((message) => ({ message })),
      NOW,
    );
    expect(await stack.probeMessages('us-east-1')).toHaveLength(7);
  });

  test('one that no batch can hold is an error that says so, and nothing is sent', async () => {
    const sent = [{ message: confirm('small') }, { message: confirm('x'.repeat(1_048_576)) }];
    await expect(queues.sendProbe('us-east-1', sent, NOW)).rejects.toThrow(/does not fit into SQS/);
    expect(await stack.probeMessages('us-east-1')).toEqual([]);
  });

  test('a region without a queue is named', async () => {
    await expect(queues.sendProbe('mars-1', [{ message: confirm('x') }], NOW)).rejects.toThrow(/mars-1/);
  });

  test('nothing to send is nothing sent', async () => {
    await queues.sendProbe('us-east-1', [], NOW);
    await queues.sendJudge([]);
  });

  test('a queue that is not there is an error', async () => {
    const environment = stack.environment();
    const url = environment.judgeQueueUrl.replace('.fifo', '-gone.fifo');
    const lost = openQueues({ ...environment, judgeQueueUrl: url });
    await expect(lost.sendJudge([{ message: sweep('60-0'), deduplicationId: 'x' }])).rejects.toThrow();
  });
});

describe('to the judge', () => {
  const send = (cohort: string, deduplicationId: string) =>
    queues.sendJudge([{ message: sweep(cohort), deduplicationId }]);

  test('a cohort is a group', async () => {
    await send('60-1', randomUUID());
    const [message] = await stack.judgeMessages();
    expect(message?.Attributes?.MessageGroupId).toBe('60-1');
  });

  test('the same news twice is told once, that of two cohorts for both', async () => {
    const id = newsId('eu-west-1', '1790000000#r');
    await Promise.all([send('60-1', id), send('60-1', id), send('60-2', id)]);
    const received = bodies(await stack.judgeMessages()).map((message) => message.cohort);
    expect(received.sort()).toEqual(['60-1', '60-2']);
  });

  test('sweeps of two minutes are two, of one minute one', async () => {
    for (const minute of [1, 1, 2]) await send('60-3', sweepId('60-3', minute));
    expect(await stack.judgeMessages()).toHaveLength(2);
  });

  test('any id, however long or odd, is one that SQS takes, and tells two apart', async () => {
    const odd = ['a b', 'é', 'x'.repeat(200), `${'x'.repeat(199)}y`, '\n', ...fc.sample(fc.string(), 10)];
    const ids = [...new Set(odd)];
    await queues.sendJudge(ids.map((deduplicationId) => ({ message: sweep('60-4'), deduplicationId })));
    const received = await stack.judgeMessages();
    expect(received).toHaveLength(ids.length);
    for (const message of received) {
      expect(message.Attributes?.MessageDeduplicationId).toMatch(/^[\x21-\x7e]{1,128}$/);
    }
  });
});
