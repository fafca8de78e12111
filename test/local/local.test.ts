import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClients } from '../../lib/local/clients.ts';
import type { LocalEvent } from '../../lib/local/event.ts';
import { type Local, startLocal } from '../../lib/local/local.ts';
import { readAssembly } from '../../lib/local/template/assembly.ts';
import { fixtureResources, localOptions, writeAssembly } from '../support/local.ts';

/** What the functions and topics tell, to be waited for. */
function openMailbox<T>() {
  const items: T[] = [];
  let wake = (): void => {};
  return {
    items,
    put(item: T): void {
      items.push(item);
      wake();
    },
    async until<F extends T>(fits: (item: T) => item is F): Promise<F> {
      for (;;) {
        const found = items.find(fits);
        if (found) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

interface Told {
  readonly path: string;
  readonly value: unknown;
}

const told = openMailbox<Told>();
const events = openMailbox<LocalEvent>();
const listener = createServer(async (incoming, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  told.put({ path: incoming.url ?? '', value: JSON.parse(text) });
  response.end();
});
let local: Local;
let api: string;
let clients: ReturnType<typeof openClients>;

beforeAll(async () => {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const tell = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  local = startLocal(
    localOptions({ webhook: [`${tell}/webhook`] }),
    (event) => events.put(event),
    async (_, directory) => writeAssembly(directory, fixtureResources({ TELL: tell })),
  );
  api = await local.ready;
  const { environment } = (await (await fetch(`${api}/things/any`)).json()) as {
    environment: Record<string, string>;
  };
  clients = openClients({
    awsUrl: environment.AWS_ENDPOINT_URL_SQS ?? '',
    dynamodbUrl: environment.AWS_ENDPOINT_URL_DYNAMODB ?? '',
  });
});
afterAll(async () => {
  clients.close();
  await local.close();
  listener.close();
});

const queueUrl = (name: string) => `https://sqs.eu-test-1.amazonaws.com/000000000000/${name}`;
const work =
  (body: string) =>
  (item: Told): item is Told & { value: SQSRecord[] } =>
    item.path === '/work' && (item.value as SQSRecord[]).some((record) => record.body === body);

test('a request arrives as payload 2.0 and the answer leaves as the function gave it', async () => {
  const response = await fetch(`${api}/things/a%20b?x=1&x=2`, {
    method: 'PUT',
    body: '{"é":1}',
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('x-fixture')).toBe('yes');
  expect(await response.json()).toMatchObject({
    event: {
      version: '2.0',
      routeKey: 'PUT /things/{id}',
      rawPath: '/things/a%20b',
      rawQueryString: 'x=1&x=2',
      queryStringParameters: { x: '1,2' },
      pathParameters: { id: 'a b' },
      body: '{"é":1}',
      isBase64Encoded: false,
      requestContext: { http: { method: 'PUT' }, stage: '$default' },
    },
  });
});

test('a function sees the template, Lambda and nothing of this process', async () => {
  const { environment } = (await (await fetch(`${api}/things/any`)).json()) as {
    environment: Record<string, string>;
  };
  expect(environment).toMatchObject({
    TABLE: 'fixture-table',
    QUEUE: queueUrl('fixture-queue'),
    AWS_REGION: 'eu-test-1',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_ACCESS_KEY_ID: 'local',
  });
  expect(environment.HOME).toBeUndefined();
});

test('a thrown error, a crash and a timeout answer the request, and the next one is served', async () => {
  expect((await fetch(`${api}/things/throw`)).status).toBe(500);
  expect((await fetch(`${api}/things/crash`)).status).toBe(500);
  expect((await fetch(`${api}/slow`)).status).toBe(504);
  expect((await fetch(`${api}/things/fine`)).status).toBe(201);
  const troubles = events.items.flatMap((event) => (event.event === 'trouble' ? [event.text] : []));
  expect(troubles.join('\n')).toMatch(/thrown on purpose[\s\S]*exit code 7[\s\S]*timed out after 1 s/);
});

test('what is not served: other paths, methods, hosts, sites, bodies', async () => {
  expect((await fetch(`${api}/nothing`)).status).toBe(404);
  const method = await fetch(`${api}/things/x`, { method: 'DELETE' });
  expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, PUT']);
  expect((await fetch(`${api}/things/%zz`)).status).toBe(400);
  expect((await fetch(`${api}/things/x`, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
  // The dashboard has one place to ask, whoever serves it.
  expect((await fetch(`${api}/api/things/x`)).status).toBe(201);
  expect((await fetch(`${api}/api/nowhere`)).status).toBe(404);
  expect((await fetch(`${api}/things/x`, { method: 'PUT', body: 'x'.repeat(10_000_001) })).status).toBe(413);
  const other = request(`${api}/things/x`, { headers: { host: 'evil.example' } }).end();
  const [response] = await once(other, 'response');
  expect(response.statusCode).toBe(403);
  response.resume();
});

test('a message is delivered as Lambda shapes it and deleted; one that fails comes back, then goes to the dead letters', async () => {
  const sqs = clients.sqs('eu-test-1');
  const send = (body: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl: queueUrl('fixture-queue'), MessageBody: body }));
  await send('fine');
  await send('fail');
  const { value } = await told.until(work('fine'));
  expect(value[0]).toMatchObject({
    body: 'fine',
    attributes: { ApproximateReceiveCount: '1' },
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-test-1:000000000000:fixture-queue',
    awsRegion: 'eu-test-1',
  });
  await told.until(
    (item): item is Told => work('fail')(item) && item.value[0]?.attributes.ApproximateReceiveCount === '2',
  );
  await expect.poll(() => count('fixture-dead'), { timeout: 10_000 }).toEqual(['1', '0']);
  expect(await count('fixture-queue')).toEqual(['0', '0']);
  async function count(name: string): Promise<unknown> {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl(name), AttributeNames: ['All'] }),
    );
    return [Attributes.ApproximateNumberOfMessages, Attributes.ApproximateNumberOfMessagesNotVisible];
  }
});

test('a FIFO group arrives in its order', async () => {
  const sqs = clients.sqs('eu-test-1');
  const bodies = Array.from({ length: 8 }, (_, index) => `fifo ${index}`);
  for (const body of bodies) {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl('fixture.fifo'),
        MessageBody: body,
        MessageGroupId: 'a',
        MessageDeduplicationId: body,
      }),
    );
  }
  await told.until(work('fifo 7'));
  const arrived = told.items.flatMap(({ path, value }) =>
    path === '/work' ? (value as SQSRecord[]).map(({ body }) => body) : [],
  );
  expect(arrived.filter((body) => body.startsWith('fifo'))).toEqual(bodies);
});

test('schedules fire at once for the minute before and for this one', async () => {
  await told.until((item): item is Told => item.path === '/minute');
  await expect
    .poll(() => told.items.filter(({ path }) => path === '/minute').length)
    .toBeGreaterThanOrEqual(2);
  const times = told.items.flatMap(({ path, value }) =>
    path === '/minute' ? [(value as { scheduledTime: string }).scheduledTime] : [],
  );
  for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/);
  expect(new Set(times).size).toBe(times.length);
});

test('an alert reaches the inbox and the webhook', async () => {
  await clients.sns('eu-test-1').send(
    new PublishCommand({
      TopicArn: 'arn:aws:sns:eu-test-1:000000000000:local-alerts-json',
      Subject: 'hello',
      Message: '{"event":"trigger"}',
    }),
  );
  const alert = await events.until(
    (event): event is LocalEvent & { event: 'alert' } => event.event === 'alert',
  );
  expect(alert).toMatchObject({ topic: 'json', subject: 'hello', alert: { event: 'trigger' } });
  const posted = await told.until((item): item is Told => item.path === '/webhook');
  expect(posted.value).toMatchObject({
    Type: 'Notification',
    Subject: 'hello',
    Message: '{"event":"trigger"}',
  });
});

test.each([
  [
    'a type that is not known',
    { Bus: { Type: 'AWS::Events::EventBus' } },
    /Bus: the type AWS::Events::EventBus is not known/,
  ],
  [
    'a mapping to no function',
    {
      QueueMapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: 'none' },
      },
    },
    /no function none/,
  ],
  [
    'a reference to nothing',
    { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Nobody' } } } },
    /nothing is called Nobody/,
  ],
  [
    'two that refer to each other',
    {
      A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'B' } } },
      B: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'A' } } },
    },
    /refers to itself/,
  ],
  [
    'a schedule that is not of whole minutes',
    {
      Schedule: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: { ScheduleExpression: 'cron(0 0 * * ? *)', Target: { Arn: 'x' } },
      },
    },
    /only rate/,
  ],
])('a template with %s is refused', async (_, resources, message) => {
  const refused = startLocal(
    localOptions(),
    () => {},
    async (_configuration, directory) => writeAssembly(directory, { ...fixtureResources(), ...resources }),
  );
  await expect(refused.ready).rejects.toThrow(message);
  await refused.close();
});

test('an assembly is read with its assets', () => {
  const directory = mkdtempSync(join(tmpdir(), 'parallax-test-'));
  writeAssembly(directory, fixtureResources());
  const [stack] = readAssembly(directory);
  expect(stack).toMatchObject({ name: 'fixture', region: 'eu-test-1', account: '000000000000' });
  expect(stack?.assets.get('bundle.zip')).toBe(join(directory, 'asset.bundle'));
  rmSync(directory, { recursive: true });
});
