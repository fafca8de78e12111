import type { Stack } from 'aws-cdk-lib';
import type { Configuration } from '../deployment/configuration.ts';
import { ENVIRONMENT_VARIABLE, type Environment } from '../deployment/environment.ts';
import { names } from '../deployment/names.ts';
import { arnsOf } from './resources.ts';

export interface EnvironmentOptions {
  /** The region the function runs in. */
  readonly region: string;
  /** Whether it tells alerts or drills. Default: false, and it is given no topic. */
  readonly alerts?: boolean;
  /** Whether its region has a topic for its own trouble. Default: false. */
  readonly regionTopic?: boolean;
  /** Whether it says that all is in order. Default: false, and it is given no URL. */
  readonly heartbeat?: boolean;
}

/** The environment of one function: one variable, so that nothing can be half there. */
export function environmentOf(
  stack: Stack,
  configuration: Configuration,
  { region, alerts = false, regionTopic = false, heartbeat = false }: EnvironmentOptions,
): Record<string, string> {
  const { name, homeRegion, regions, command } = configuration;
  const arns = arnsOf(stack, configuration);
  const queueUrl = (queueRegion: string, queue: string) =>
    `https://sqs.${queueRegion}.${stack.urlSuffix}/${stack.account}/${queue}`;
  const environment: Environment = {
    deployment: { name, account: stack.account, homeRegion, command },
    region,
    regions: [...regions],
    tableName: names.table(name),
    probeQueueUrls: Object.fromEntries(regions.map((each) => [each, queueUrl(each, names.probeQueue(name))])),
    judgeQueueUrl: queueUrl(homeRegion, names.judgeQueue(name)),
    topicArns: alerts ? arns.topics : {},
    regionTopicArn: regionTopic ? arns.regionTopic(region) : null,
    controls: [...configuration.controls],
    resolver: configuration.resolvers[region] ?? null,
    allowPrivateAddresses: configuration.allowPrivateAddresses,
    ipv6: configuration.ipv6,
    sourceAddressUrl: configuration.sourceAddressUrl,
    roundDays: configuration.roundDays,
    remindEveryMinutes: configuration.remindEveryMinutes,
    heartbeatUrl: heartbeat ? configuration.heartbeatUrl : null,
  };
  return { [ENVIRONMENT_VARIABLE]: stack.toJsonString(environment) };
}
