import { eventSourceMapping } from './event-source-mapping.ts';
import { lambdaFunction } from './function.ts';
import { httpApi, httpIntegration, httpRoute } from './http-api.ts';
import type { Kind } from './kind.ts';
import { queue } from './queue.ts';
import { schedule } from './schedule.ts';
import { table } from './table.ts';
import { topic } from './topic.ts';

/** All that can be made here, in the order in which it is: what is referred to before what refers. */
export const KINDS: readonly Kind[] = [
  table,
  queue,
  topic,
  lambdaFunction,
  httpApi,
  httpIntegration,
  httpRoute,
  schedule,
  eventSourceMapping,
];

/** Types that mean nothing on one machine, each with the reason. Any other type is refused. */
export const IGNORED: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'permissions are not enforced here',
  'AWS::IAM::Policy': 'permissions are not enforced here',
  'AWS::IAM::ManagedPolicy': 'permissions are not enforced here',
  'AWS::Lambda::Permission': 'permissions are not enforced here',
  'AWS::SQS::QueuePolicy': 'permissions are not enforced here',
  'AWS::SNS::TopicPolicy': 'permissions are not enforced here',
  'AWS::SNS::TopicInlinePolicy': 'permissions are not enforced here',
  'AWS::SQS::QueueInlinePolicy': 'permissions are not enforced here',
  'AWS::Logs::LogGroup': 'logs go to the terminal',
  'AWS::Logs::ResourcePolicy': 'logs go to the terminal',
  'AWS::CloudWatch::Alarm': 'there are no metrics here',
  'AWS::Lambda::EventInvokeConfig': 'a failed schedule is reported and comes again the next minute',
  'AWS::Scheduler::ScheduleGroup': 'a name only',
  'AWS::ApiGatewayV2::Stage': 'one stage, served at the root',
  'AWS::CDK::Metadata': 'says which constructs were used',
};
