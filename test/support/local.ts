// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how CloudFormation writes variables
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalOptions, parseLocalOptions, type WrittenOptions } from '../../lib/local/options.ts';

/** The command line without any option, as the command line parser fills it in; port 0 and no demo. */
export function localOptions(written: Partial<WrittenOptions> = {}): LocalOptions {
  return parseLocalOptions({
    regions: 'eu-test-1,us-test-1',
    port: '0',
    demo: false,
    runIn: [],
    listen: '127.0.0.1',
    resolver: [],
    control: [],
    webhook: [],
    formats: 'json,email',
    ...written,
  });
}

const stackArn = (service: string, rest: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`,
});

/** Resources like those of the real stacks, with every kind and a few ignored types. */
export function fixtureResources(
  environment: Readonly<Record<string, unknown>> = {},
  slowSeconds = 1,
): Record<string, unknown> {
  const lambda = (handler: string, timeout = 5) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::AccountId}' }, S3Key: 'bundle.zip' },
      Handler: `index.${handler}`,
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      MemorySize: 128,
      Timeout: timeout,
      Environment: { Variables: { TABLE: { Ref: 'Table' }, QUEUE: { Ref: 'Queue' }, ...environment } },
    },
  });
  const route = (id: string, key: string, integration: string) => [
    id,
    {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: key,
        AuthorizationType: 'AWS_IAM',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: integration }]] },
      },
    },
  ];
  const integration = (target: string) => ({
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': [target, 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  });
  const mapping = (queue: string, target: string, batch: number) => ({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
      FunctionName: { Ref: target },
      BatchSize: batch,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  });
  return {
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'fixture-table',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'fixture-dead' } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'fixture-queue',
        VisibilityTimeout: 1,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
      },
    },
    Fifo: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: 'fixture.fifo', FifoQueue: true, VisibilityTimeout: 30 },
    },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'local-alerts-json' } },
    Http: lambda('http'),
    Slow: lambda('hang', slowSeconds),
    Work: lambda('work'),
    Minute: lambda('minute'),
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Name: 'fixture' } },
    HttpIntegration: integration('Http'),
    SlowIntegration: integration('Slow'),
    ...Object.fromEntries([
      route('GetThing', 'GET /things/{id}', 'HttpIntegration'),
      route('PutThing', 'PUT /things/{id}', 'HttpIntegration'),
      route('GetSlow', 'GET /slow', 'SlowIntegration'),
    ]),
    QueueMapping: mapping('Queue', 'Work', 1),
    FifoMapping: mapping('Fifo', 'Work', 10),
    Schedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: 'rate(1 minute)',
        Target: {
          Arn: { 'Fn::GetAtt': ['Minute', 'Arn'] },
          Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
          RoleArn: stackArn('iam', 'role/any'),
        },
      },
    },
  };
}

/**
 * What the fixture's functions do. They tell the test over HTTP (`TELL`): `http` answers with its event, `work` fails at
 * bodies that say so, `minute` tells its time.
 */
export const FIXTURE_BUNDLE = `
const tell = (path, value) => fetch(process.env.TELL + path, { method: 'POST', body: JSON.stringify(value) });
export const http = async (event) => {
  if (event.pathParameters?.id === 'throw') throw new Error('thrown on purpose');
  if (event.pathParameters?.id === 'crash') process.exit(7);
  return { statusCode: 201, headers: { 'x-fixture': 'yes' }, body: JSON.stringify({ event, environment: process.env, pid: process.pid }) };
};
export const hang = () => (process.on('SIGTERM', () => {}), tell('/hang', process.pid).catch(() => {})) && new Promise(() => { setInterval(() => {}, 1000); });
export const work = async ({ Records }) => {
  await tell('/work', Records);
  return {
    batchItemFailures: Records.filter(({ body }) => body.startsWith('fail')).map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
};
export const minute = async (event) => { await tell('/minute', event); };
`;

/** Writes a cloud assembly of one stack in eu-test-1, as the CDK would. */
export function writeAssembly(directory: string, resources: Readonly<Record<string, unknown>>): void {
  const bundle = join(directory, 'asset.bundle');
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'index.mjs'), FIXTURE_BUNDLE);
  const write = (file: string, content: unknown) =>
    writeFileSync(join(directory, file), JSON.stringify(content));
  write('manifest.json', {
    version: '48.0.0',
    artifacts: {
      'fixture.assets': { type: 'cdk:asset-manifest', properties: { file: 'fixture.assets.json' } },
      fixture: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://000000000000/eu-test-1',
        properties: { templateFile: 'fixture.template.json' },
      },
    },
  });
  write('fixture.assets.json', {
    files: {
      bundle: {
        source: { path: 'asset.bundle', packaging: 'zip' },
        destinations: { any: { bucketName: 'any', objectKey: 'bundle.zip' } },
      },
    },
  });
  write('fixture.template.json', {
    Resources: resources,
    Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/any' } },
  });
}
