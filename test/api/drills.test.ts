import { DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';

const FORMATS = ['json', 'email', 'sms', 'chat', 'pager'] as const;

let api: TestApi;
let sns: SNSClient;
beforeAll(async () => {
  api = await startTestApi({}, { formats: [...FORMATS], silentFormats: ['sms', 'chat'] });
  sns = new SNSClient({ region: 'eu-west-1' });
  const TopicArn = api.environment().topicArns.chat ?? '';
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ada@example.com' }));
});
afterAll(async () => {
  sns.destroy();
  await api.close();
});

interface Format {
  readonly format: string;
}

test('a drill is told once in every format, closed again at the pager, and says who heard it', async () => {
  const { topicArns } = api.environment();
  const { status, body } = await api.call('POST', '/drills', { severity: 'P1', team: 'web' });
  expect(status).toBe(200);
  expect(body.formats.map(({ format }: Format) => format)).toEqual(FORMATS);
  for (const { format, topic, published, error, subscriptions } of body.formats) {
    expect([format, published, error, topic]).toEqual([format, true, null, topicArns[format]]);
    const confirmed = ['sms', 'chat'].includes(format) ? 0 : 1;
    expect(subscriptions).toEqual({ confirmed, pending: format === 'chat' ? 1 : 0 });
  }
  expect(body.topicsWithoutSubscriber).toEqual([topicArns.sms, topicArns.chat]);
  const [json] = await api.published('json');
  expect(JSON.parse(json?.Message ?? '')).toMatchObject({
    event: 'test',
    kind: 'test',
    severity: 'P1',
    endpoint: null,
    region: null,
    dedupKey: body.id,
  });
  expect(json).toMatchObject({
    MessageAttributes: { event: { Value: 'test' }, team: { Value: 'web' }, severity: { Value: 'P1' } },
  });
  expect((await api.published('email')).map(({ Subject }) => Subject)).toEqual([
    '[TEST] Parallax "test": nothing is wrong, this is a drill',
  ]);
  const pages = (await api.published('pager')).map(({ Message }) => JSON.parse(Message));
  expect(pages.map(({ NewStateValue, AlarmName }) => [NewStateValue, AlarmName])).toEqual([
    ['ALARM', body.id],
    ['OK', body.id],
  ]);
});

test('without a body it is of P3 and of no team; each has a key of its own', async () => {
  const [one, other] = [await api.call('POST', '/drills'), await api.call('POST', '/drills', {})];
  expect(one.body.id).not.toBe(other.body.id);
  const alerts = (await api.published('json')).map(({ Message }) => JSON.parse(Message));
  expect(alerts.map(({ severity, dedupKey }) => [severity, dedupKey])).toEqual([
    ['P3', one.body.id],
    ['P3', other.body.id],
  ]);
});

test.each([
  [{ severity: 'P9' }, '#/severity'],
  [{ team: '' }, '#/team'],
  [{ endpoint: 'shop' }, '#/endpoint'],
])('%j is refused, and nothing is told', async (input, pointer) => {
  await api.published('email');
  const { status, body } = await api.call('POST', '/drills', input);
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([{ pointer }]);
  expect(await api.published('email')).toEqual([]);
});

test('a topic that is gone is said to be, and holds up no other', async () => {
  const logged = vi.spyOn(console, 'error').mockReturnValue();
  const TopicArn = api.environment().topicArns.json ?? '';
  await api.published('email');
  await sns.send(new DeleteTopicCommand({ TopicArn }));
  const { body } = await api.call('POST', '/drills');
  expect(body.formats[0]).toEqual({
    format: 'json',
    topic: TopicArn,
    published: false,
    error: expect.stringMatching(/NotFound/),
    subscriptions: null,
  });
  expect(body.formats[1]).toMatchObject({ format: 'email', published: true });
  expect(await api.published('email')).toHaveLength(1);
  expect(logged).toHaveBeenCalled();
  logged.mockRestore();
});
