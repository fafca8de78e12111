import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/deployment/routes.ts';
import { SIZES } from '../../lib/stacks/function.ts';
import { synthesize, WRITTEN } from '../support/app.ts';

type Properties = Record<string, never>;

const { homeTemplate, regionTemplate } = synthesize();
const both = [homeTemplate, regionTemplate];

/** Properties of every resource of a type. */
function all<T = Properties>(template: Template, type: string): T[] {
  return Object.values(template.findResources(type)).map((resource) => resource.Properties as T);
}

describe('queues', () => {
  const queues = both.flatMap((template) => all<QueueProperties>(template, 'AWS::SQS::Queue'));

  it('put aside what nobody could work on', () => {
    const named = Object.fromEntries(
      queues.map((queue) => [queue.QueueName, queue.RedrivePolicy?.maxReceiveCount]),
    );
    expect(named).toEqual({
      'watch-judge.fifo': 3,
      'watch-judge-dead.fifo': undefined,
      'watch-probe': 5,
      'watch-probe-dead': undefined,
    });
  });

  it('hide a message for six times the timeout of its function', () => {
    const visibility = Object.fromEntries(queues.map((queue) => [queue.QueueName, queue.VisibilityTimeout]));
    expect(visibility['watch-judge.fifo']).toBe(6 * SIZES.judge.timeoutSeconds);
    expect(visibility['watch-probe']).toBe(6 * SIZES.probe.timeoutSeconds);
  });

  it('keep the judge to one call a cohort, and its failures to themselves', () => {
    homeTemplate.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'watch-judge.fifo',
      FifoQueue: true,
      ContentBasedDeduplication: false,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
    const mapping = (BatchSize: number) => ({
      BatchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    homeTemplate.allResourcesProperties('AWS::Lambda::EventSourceMapping', mapping(10));
    regionTemplate.allResourcesProperties('AWS::Lambda::EventSourceMapping', mapping(1));
  });
});

interface QueueProperties {
  readonly QueueName: string;
  readonly VisibilityTimeout?: number;
  readonly RedrivePolicy?: { readonly maxReceiveCount: number };
}

describe('the table', () => {
  it('is on demand, recoverable, expires rounds, and outlives its stack', () => {
    homeTemplate.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: {
        TableName: 'watch-table',
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        GlobalSecondaryIndexes: [{ IndexName: 'gsi1', Projection: { ProjectionType: 'ALL' } }],
        Replicas: [
          {
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        ],
      },
    });
  });

  it('goes with its stack on one machine', () => {
    const { homeTemplate: local } = synthesize({ local: true, regions: ['north'] });
    local.hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Delete' });
  });
});

describe('the API', () => {
  it('has the routes of routes.ts, each signed, and no catch-all', () => {
    const routes = all<{ RouteKey: string; AuthorizationType: string }>(
      homeTemplate,
      'AWS::ApiGatewayV2::Route',
    );
    expect(routes.map(({ RouteKey }) => RouteKey).toSorted()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
    expect(new Set(routes.map(({ AuthorizationType }) => AuthorizationType))).toEqual(new Set(['AWS_IAM']));
  });

  it('logs its calls and bounds their number', () => {
    homeTemplate.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AccessLogSettings: Match.objectLike({ DestinationArn: Match.anyValue() }),
      DefaultRouteSettings: { ThrottlingBurstLimit: 100, ThrottlingRateLimit: 50 },
    });
  });
});

describe('each minute', () => {
  it('dispatch and watchdog are told which minute they are called for', () => {
    for (const template of both) {
      template.resourceCountIs('AWS::Scheduler::Schedule', 1);
      template.hasResourceProperties('AWS::Scheduler::Schedule', {
        ScheduleExpression: 'rate(1 minute)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}' },
      });
    }
  });

  it('a call that failed is not repeated when its minute is over', () => {
    regionTemplate.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 60,
    });
    homeTemplate.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
  });
});

describe('the watchdog', () => {
  it('is watched by two alarms that may publish to their topic', () => {
    homeTemplate.resourceCountIs('AWS::CloudWatch::Alarm', 2);
    homeTemplate.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Invocations',
      TreatMissingData: 'breaching',
      Period: 300,
    });
    homeTemplate.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Errors' });
    homeTemplate.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ]),
      }),
    });
  });
});

describe('the two alarms', () => {
  it('need nothing of ours: metrics of Lambda, said by CloudWatch at a topic that no function can touch', () => {
    const alarms = all<AlarmProperties>(homeTemplate, 'AWS::CloudWatch::Alarm');
    const topics = homeTemplate.findResources('AWS::SNS::Topic', {
      Properties: { TopicName: 'watch-watchdog' },
    });
    const [topic, ...others] = Object.keys(topics);
    expect(others).toEqual([]);
    for (const { Namespace, AlarmActions, OKActions, Dimensions } of alarms) {
      expect(Namespace).toBe('AWS/Lambda');
      expect([...AlarmActions, ...OKActions]).toEqual([{ Ref: topic }, { Ref: topic }]);
      expect(Dimensions).toMatchObject([
        { Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^Watchdog/) } },
      ]);
    }
    const roles = JSON.stringify(homeTemplate.findResources('AWS::IAM::Role'));
    expect(roles).not.toContain('watch-watchdog');
    expect(roles).not.toContain(topic);
  });
});

interface AlarmProperties {
  readonly Namespace: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
  readonly Dimensions: readonly unknown[];
}

describe('topics', () => {
  it('are one a format, and the region has one of its own', () => {
    const named = (template: Template) =>
      all<{ TopicName: string }>(template, 'AWS::SNS::Topic').map(({ TopicName }) => TopicName);
    expect(named(homeTemplate)).toEqual(['watch-alerts-json', 'watch-alerts-email', 'watch-watchdog']);
    expect(named(regionTemplate)).toEqual(['watch-region-trouble']);
  });
});

it('no token crosses from one stack to another', () => {
  for (const template of both) {
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
  }
});

it('on one machine the templates are the same but for names, processor and removal', () => {
  const types = (template: Template) =>
    Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
  const local = synthesize({ ...WRITTEN, local: true });
  expect(types(local.homeTemplate)).toEqual(types(homeTemplate));
  expect(types(local.regionTemplate)).toEqual(types(regionTemplate));
});
