import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ALERT_FORMATS } from '../../lib/deployment/configuration.ts';
import { names } from '../../lib/deployment/names.ts';
import { ROUTES } from '../../lib/deployment/routes.ts';
import { EMULATED_ACCOUNT } from '../../lib/local/emulators.ts';
import { synthesize } from '../support/app.ts';
import { certificates } from '../support/certificates.ts';
import { callerOf, DeployedWorld } from '../support/deployed-world.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { live } from '../support/life.ts';
import { type Call, Recorder } from '../support/recorder.ts';
import { covers, functionsOf, type Grant, type SynthesizedFunction } from '../support/roles.ts';
import { type Peer, tlsServer } from '../support/servers.ts';
import { Shop } from '../support/shop.ts';

/** The home does not probe, so that nothing is allowed by being in one region by chance. */
const DEPLOYMENT = {
  name: 'test',
  account: EMULATED_ACCOUNT,
  homeRegion: 'eu-central-1',
  regions: ['eu-west-1', 'us-east-1'],
  formats: ALERT_FORMATS,
} as const;
const { homeRegion, regions, formats } = DEPLOYMENT;
const START_MS = Date.UTC(2026, 10, 20, 3, 0, 0);

/** What an event source mapping does with its queue ("Using Lambda with Amazon SQS", execution role permissions). */
const POLLING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
/** What Lambda does to keep what a function prints. */
const LOGGING = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** Calls that nothing of ours makes: Lambda does, with the function's role. */
const callsOfLambda = (one: SynthesizedFunction): readonly Grant[] =>
  one.polls.flatMap((resource) => POLLING.map((action) => ({ action, resource })));

it('a grant covers what IAM would let it cover, and nothing beside', () => {
  const call = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-west-1:1:test-probe' };
  expect(covers(call, call)).toBe(true);
  expect(covers({ action: 'SQS:Send*', resource: 'arn:aws:sqs:eu-west-?:1:*' }, call)).toBe(true);
  expect(covers({ ...call, resource: 'arn:aws:sqs:us-east-1:1:test-probe' }, call)).toBe(false);
  expect(covers({ ...call, resource: 'arn:aws:sqs:eu-west-1:1:test' }, call)).toBe(false);
  expect(covers({ ...call, action: 'sqs:Send' }, call)).toBe(false);
});

describe('permissions and calls', () => {
  const functions = functionsOf(
    synthesize({
      ...DEPLOYMENT,
      controls: [],
      allowPrivateAddresses: true,
      sourceAddressUrl: null,
    }),
  );
  let stack: TestStack;
  let recorder: Recorder;
  let world: DeployedWorld;
  const shop = new Shop();
  const control = new Shop();
  let secure: Peer;
  let asked: ReadonlySet<string>;

  beforeAll(async () => {
    for (const method of ['info', 'warn', 'error'] as const) vi.spyOn(console, method).mockReturnValue();
    stack = await startTestStack({ homeRegion, regions, formats });
    for (const region of regions) {
      const client = new SNSClient({ region });
      await client.send(new CreateTopicCommand({ Name: names.regionTopic(DEPLOYMENT.name) }));
      client.destroy();
    }
    await Promise.all([shop.open(), control.open()]);
    secure = await tlsServer((await certificates()).selfSigned);
    recorder = new Recorder(EMULATED_ACCOUNT);
    world = await DeployedWorld.open(
      functions.map((one) => withControl(one, control)),
      recorder,
      START_MS,
    );
  });
  afterAll(async () => {
    vi.useRealTimers();
    vi.doUnmock('../../lib/probe/limits.ts');
    vi.restoreAllMocks();
    await Promise.all([shop.close(), control.close()]);
    await secure.close();
    await stack.close();
  });

  it('are looked at over a whole life', async () => {
    asked = await live({ world, recorder, shop, control, securePort: secure.port, regions, troubleTopic });
  }, 60_000);

  it('are looked at where every route was asked, every message sent and a certificate kept', () => {
    expect([...asked].sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
    const kinds = recorder.calls.flatMap(({ action, input }) =>
      action === 'sqs:SendMessage'
        ? (input.Entries as { MessageBody: string }[]).map(({ MessageBody }) => JSON.parse(MessageBody).kind)
        : [],
    );
    expect([...new Set(kinds)].sort()).toEqual([
      'check',
      'confirm',
      'controls',
      'news',
      'probe',
      'retry',
      'sweep',
      'watch',
      'write',
    ]);
    const kept = recorder.done.flatMap(({ action, input }) =>
      action === 'dynamodb:PutItem' ? [String((input.Item as { pk: string }).pk)] : [],
    );
    expect(kept.some((pk) => pk.startsWith('CERT#'))).toBe(true);
  });

  it('allow every call to the function that makes it', () => {
    const denied = recorder.calls.filter((call) => {
      const role = functions.find((one) => callerOf(one) === call.caller);
      return !role?.grants.some((grant) => covers(grant, call));
    });
    expect(lines(denied)).toEqual([]);
  });

  it('allow Lambda to poll the queues that it delivers', () => {
    const denied = functions.flatMap((one) =>
      callsOfLambda(one)
        .filter((call) => !one.grants.some((grant) => covers(grant, call)))
        .map((call) => ({ caller: callerOf(one), ...call })),
    );
    expect(lines(denied)).toEqual([]);
    expect(functions.filter(({ polls }) => polls.length === 1).map(callerOf)).toEqual([
      `judge ${homeRegion}`,
      ...regions.map((region) => `probe ${region}`),
    ]);
  });

  it('send every call to the region that its queue or topic is in', () => {
    const astray = recorder.calls.filter(({ resource, input: { QueueUrl, TopicArn } }) => {
      const region = resource.split(':')[3];
      return (
        (typeof QueueUrl === 'string' && new URL(QueueUrl).hostname.split('.')[1] !== region) ||
        (typeof TopicArn === 'string' && TopicArn !== resource)
      );
    });
    expect(lines(astray)).toEqual([]);
  });

  it('allow nothing that no call needs', () => {
    const idle = functions.flatMap((one) => {
      const calls = [
        ...recorder.calls.filter(({ caller }) => caller === callerOf(one)),
        ...callsOfLambda(one),
      ];
      return one.grants
        .filter(({ action }) => !LOGGING.includes(action))
        .filter((grant) => !calls.some((call) => covers(grant, call)))
        .map((grant) => ({ caller: callerOf(one), ...grant }));
    });
    expect(lines(idle)).toEqual([]);
  });
});

/** Its port is known only once it listens. */
const withControl = (one: SynthesizedFunction, { address, port }: Shop): SynthesizedFunction => ({
  ...one,
  environment: JSON.stringify({ ...JSON.parse(one.environment), controls: [`${address}:${port}`] }),
});

const troubleTopic = (region: string): string =>
  `arn:aws:sns:${region}:${EMULATED_ACCOUNT}:${names.regionTopic(DEPLOYMENT.name)}`;

const lines = (calls: readonly Omit<Call, 'input'>[]): string[] =>
  [...new Set(calls.map(({ caller, action, resource }) => `${caller}: ${action} on ${resource}`))].sort();
