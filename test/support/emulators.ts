import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Environment } from '../../lib/deployment/environment.ts';
import { names } from '../../lib/deployment/names.ts';
import { EMULATED_ACCOUNT, type Emulators, startEmulators } from '../../lib/local/emulators.ts';
import { openTable, type Table } from '../../lib/store/table.ts';

const NAME = 'test';

export interface TestStackOptions {
  readonly homeRegion?: string;
  /** Default eu-west-1, us-east-1, ap-southeast-2. */
  readonly regions?: readonly string[];
  /** Alert formats to have a topic each, with an SQS inbox. Default json and email. */
  readonly formats?: readonly string[];
  /** Those of them whose inbox does not subscribe. Default none. */
  readonly silentFormats?: readonly string[];
  /** Started already, elsewhere. Default: new ones, in this process. */
  readonly emulators?: Emulators;
}

/** The emulators with everything that a deployment has in them, and this process told where they are. */
export interface TestStack {
  readonly emulators: Emulators;
  readonly table: Table;
  /** What a function of that region is told; the home region when absent. */
  environment(region?: string): Environment;
  /** All that is waiting in the judge's queue, deleted from it. */
  judgeMessages(): Promise<readonly Message[]>;
  probeMessages(region: string): Promise<readonly Message[]>;
  /** What was published to a topic: the SNS envelopes, in order. */
  published(format: string): Promise<readonly { readonly Subject: string; readonly Message: string }[]>;
  sqs(region: string): SQSClient;
  close(): Promise<void>;
}

/** The queue URL that AWS would give. The emulator reads region and name from it; its host is never dialled. */
export function queueUrl(region: string, name: string): string {
  return `https://sqs.${region}.amazonaws.com/${EMULATED_ACCOUNT}/${name}`;
}

/** Sets `AWS_ENDPOINT_URL_*` and dummy credentials of this process: one stack a test file at a time. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { homeRegion = 'eu-west-1', regions = ['eu-west-1', 'us-east-1', 'ap-southeast-2'] } = options;
  const { formats = ['json', 'email'], silentFormats = [] } = options;
  const emulators = options.emulators ?? (await startEmulators());
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: emulators.dynamodbUrl,
    AWS_ENDPOINT_URL_SQS: emulators.awsUrl,
    AWS_ENDPOINT_URL_SNS: emulators.awsUrl,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  const clients = new Map<string, SQSClient>();
  const sqs = (region: string): SQSClient => {
    const client = clients.get(region) ?? new SQSClient({ region, useQueueUrlAsEndpoint: false });
    clients.set(region, client);
    return client;
  };
  const tableName = names.table(NAME);
  await createTable(homeRegion, tableName);
  for (const region of regions) {
    await createQueue(sqs(region), names.probeQueue(NAME));
    await createQueue(sqs(region), names.probeDeadLetters(NAME));
  }
  await createQueue(sqs(homeRegion), names.judgeQueue(NAME));
  await createQueue(sqs(homeRegion), names.judgeDeadLetters(NAME));
  const topicArns: Record<string, string> = {};
  for (const format of formats) {
    await createQueue(sqs(homeRegion), inbox(format));
    topicArns[format] = await createTopic(
      homeRegion,
      names.topic(NAME, format),
      silentFormats.includes(format) ? null : inbox(format),
    );
  }
  const environment = (region = homeRegion): Environment => ({
    deployment: { name: NAME, account: EMULATED_ACCOUNT, homeRegion, command: 'parallax' },
    region,
    regions: [...regions],
    tableName,
    probeQueueUrls: Object.fromEntries(regions.map((one) => [one, queueUrl(one, names.probeQueue(NAME))])),
    judgeQueueUrl: queueUrl(homeRegion, names.judgeQueue(NAME)),
    topicArns,
    regionTopicArn: null,
    controls: [],
    resolver: null,
    allowPrivateAddresses: true,
    ipv6: true,
    sourceAddressUrl: null,
    remindEveryMinutes: 60,
    heartbeatUrl: null,
    roundDays: 14,
  });
  const table = openTable({ name: tableName, region: homeRegion, roundDays: 14 });
  const drain = (region: string, name: string) => receiveAll(sqs(region), queueUrl(region, name));
  return {
    emulators,
    table,
    environment,
    sqs,
    judgeMessages: () => drain(homeRegion, names.judgeQueue(NAME)),
    probeMessages: (region) => drain(region, names.probeQueue(NAME)),
    async published(format) {
      const messages = await drain(homeRegion, inbox(format));
      return messages.map((message) => JSON.parse(message.Body ?? ''));
    },
    async close() {
      table.documents.destroy();
      for (const client of clients.values()) client.destroy();
      await emulators.close();
    },
  };
}

const inbox = (format: string): string => `inbox-${format}`;

/** Received and deleted until nothing (visible) is left. A FIFO group gives one message a call. */
export async function receiveAll(client: SQSClient, url: string): Promise<readonly Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const { Messages: received = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (received.length === 0) return messages;
    for (const message of received) {
      await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
    }
    messages.push(...received);
  }
}

/** The table as the home stack has it. */
async function createTable(region: string, name: string): Promise<void> {
  const client = new DynamoDBClient({ region });
  const key = (pk: string, sk: string) => [
    { AttributeName: pk, KeyType: 'HASH' as const },
    { AttributeName: sk, KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: key('pk', 'sk'),
      AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexes: [
        { IndexName: 'gsi1', KeySchema: key('gsi1pk', 'gsi1sk'), Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
  client.destroy();
}

/** A name that ends in `.fifo` makes a FIFO queue, with deduplication as the home stack has it. */
async function createQueue(client: SQSClient, name: string): Promise<void> {
  const Attributes = name.endsWith('.fifo')
    ? { FifoQueue: 'true', DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' }
    : {};
  await client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
}

/** @param queue - subscribes; null: nobody does. */
async function createTopic(region: string, name: string, queue: string | null): Promise<string> {
  const client = new SNSClient({ region });
  const { TopicArn } = await client.send(new CreateTopicCommand({ Name: name }));
  if (!TopicArn) throw new Error('the emulator gave no topic ARN');
  const Endpoint = `arn:aws:sqs:${region}:${EMULATED_ACCOUNT}:${queue}`;
  if (queue !== null) await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  client.destroy();
  return TopicArn;
}
