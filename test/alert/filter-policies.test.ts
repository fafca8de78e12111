import { readFileSync } from 'node:fs';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { render } from '../../lib/alert/alert.ts';
import type { Transition } from '../../lib/incident/state.ts';
import type { WatchTransition } from '../../lib/incident/watch-state.ts';
import { EMULATED_ACCOUNT } from '../../lib/local/emulators.ts';
import { openTopics } from '../../lib/topic/topics.ts';
import { queueUrl, receiveAll, startTestStack, type TestStack } from '../support/emulators.ts';
import { DEPLOYMENT, lifeOf, transitionOf } from '../support/transitions.ts';
import { FINDINGS, watchTransitionOf } from '../support/watch.ts';

const REGION = 'eu-west-1';
const docs = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8');

/** By what is wanted; those of the commands by their protocol, or the key in its URL. */
const POLICIES = new Map([
  ...[...docs.matchAll(/^\| ([^|]+?) +\| `(\{.*\})` +\|$/gm)].map(
    ([, wanted = '', policy = '']) => [wanted, policy] as const,
  ),
  ...[...docs.matchAll(/--protocol (\w+)[\s\S]*?notification-endpoint (\S+)[\s\S]*?\n\n/g)].flatMap(
    ([command, protocol = '', endpoint = '']) => {
      const [, policy] = /"FilterPolicy": "((?:\\.|[^"\\])*)"/.exec(command) ?? [];
      const name = /(\w+)_KEY/.exec(endpoint)?.[1] ?? protocol;
      return policy === undefined ? [] : [[name, JSON.parse(`"${policy}"`) as string] as const];
    },
  ),
]);

const [trigger, update, acknowledge, resolve] = lifeOf('blocked_from_some');
const other = { ...transitionOf('not_listening').endpoint, id: 'mail' };
const teams = (team: string | null): Partial<Transition> => ({ endpoint: { ...other, team } });

/** One message of each sort that a policy can tell from the others. */
const SENT: Readonly<Record<string, Transition | WatchTransition | undefined>> = {
  'web P2 trigger': trigger,
  'web P2 update': update,
  'web P2 acknowledge': acknowledge,
  'web P2 resolve': resolve,
  'web P3 trigger': transitionOf('unproven'),
  'ops P1 trigger': transitionOf('not_listening', teams('ops')),
  'ops P1 resolve': transitionOf('not_listening', { ...teams('ops'), event: 'resolve' }),
  'nobody P1 trigger': transitionOf('not_listening', teams(null)),
  'region trigger': watchTransitionOf(FINDINGS.region_silent),
  'region resolve': watchTransitionOf(FINDINGS.region_silent, { event: 'resolve', end: 'recovered' }),
};
const WEB = Object.keys(SENT).filter((name) => name.startsWith('web'));

/** Who is told what. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'one team': WEB,
  email: WEB,
  'what belongs to no team, the watching included': ['nobody P1 trigger', 'region trigger', 'region resolve'],
  "one team's, and what is wrong with the watching": [...WEB, 'region trigger', 'region resolve'],
  'nothing about the watching itself': [
    ...WEB.filter((name) => !name.includes('P3')),
    'ops P1 trigger',
    'ops P1 resolve',
    'nobody P1 trigger',
  ],
  'no updates': Object.keys(SENT).filter((name) => !name.includes('update')),
  'what wakes somebody, and its end': [
    'web P2 resolve',
    'ops P1 trigger',
    'ops P1 resolve',
    'nobody P1 trigger',
    'region resolve',
  ],
  'the same of one team': WEB.filter((name) => !name.includes('P3')),
  sms: WEB.filter((name) => !name.includes('P3')),
  URGENT: Object.keys(SENT).filter((name) => !/P3|region trigger/.test(name)),
  QUIET: ['web P2 resolve', 'web P3 trigger', 'ops P1 resolve', 'region trigger', 'region resolve'],
};

let stack: TestStack;
let sns: SNSClient;
beforeAll(async () => {
  stack = await startTestStack({ formats: [] });
  sns = new SNSClient({ region: REGION });
});
afterAll(async () => {
  sns.destroy();
  await stack.close();
});

test('every policy in docs/alerts.md is tried', () => {
  expect([...POLICIES.keys()].sort()).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.entries(EXPECTED))('the policy for %s', async (wanted, told) => {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
  const QueueName = `policy-${Object.keys(EXPECTED).indexOf(wanted)}`;
  await stack.sqs(REGION).send(new CreateQueueCommand({ QueueName }));
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:${REGION}:${EMULATED_ACCOUNT}:${QueueName}`,
      Attributes: { FilterPolicy: POLICIES.get(wanted) ?? '', RawMessageDelivery: 'true' },
    }),
  );
  for (const [name, transition] of Object.entries(SENT)) {
    const rendered = transition && render('json', transition, DEPLOYMENT);
    if (rendered) await openTopics(REGION).publish(TopicArn, { ...rendered, body: name });
  }
  const received = await receiveAll(stack.sqs(REGION), queueUrl(REGION, QueueName));
  expect(received.map(({ Body }) => Body).sort()).toEqual([...told].sort());
  await sns.send(new DeleteTopicCommand({ TopicArn }));
});
