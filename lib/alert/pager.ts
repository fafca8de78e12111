import type { Transition } from '../incident/state.ts';
import { runbookOf } from './checklist.ts';
import type { Deployment } from './facts.ts';
import { asciiLine, oneLine, SUBJECT_MOST_CHARACTERS } from './limits.ts';
import { summaryOf } from './words.ts';

type AlarmState = 'ALARM' | 'OK';

/** CloudWatch's own limits (PutMetricAlarm, SetAlarmState): a reason has 1,023 characters, an alarm's name 255. */
const REASON_MOST_CHARACTERS = 1023;
const NAME_MOST_CHARACTERS = 255;

/**
 * A message in the shape of a CloudWatch alarm, which PagerDuty and its like take from SNS as it is; null for what such an
 * alarm cannot say: an update, an acknowledgement. It is not an alarm of CloudWatch: `parallax` holds what it is.
 */
export function pager(
  transition: Transition,
  deployment: Deployment,
): { readonly subject: string; readonly body: string } | null {
  switch (transition.event) {
    case 'trigger':
      return message(transition, deployment, 'ALARM', 'OK');
    case 'resolve':
      return message(transition, deployment, 'OK', 'ALARM');
    case 'update':
    case 'acknowledge':
      return null;
  }
}

function message(transition: Transition, deployment: Deployment, now: AlarmState, before: AlarmState) {
  const { dedupKey, endpoint, severity } = transition;
  const region = asciiLine(deployment.homeRegion, 32);
  const account = asciiLine(deployment.account, 32);
  const runbook = runbookOf(transition);
  const summary = oneLine(summaryOf(transition), REASON_MOST_CHARACTERS);
  const alarmName = asciiLine(dedupKey, NAME_MOST_CHARACTERS);
  const body = {
    AlarmName: alarmName,
    AlarmDescription: `[${severity}] ${summary}${runbook === null ? '' : `. Runbook ${runbook}`}`,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: stateTime(transition.since),
    NewStateValue: now,
    NewStateReason: summary,
    StateChangeTime: stateTime(transition.at),
    Region: region,
    AlarmArn: `arn:${partitionOf(region)}:cloudwatch:${region}:${account}:alarm:${alarmName}`,
    OldStateValue: before,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'FailingRegions',
      Namespace: 'Parallax',
      StatisticType: 'Statistic',
      Statistic: 'MAXIMUM',
      Unit: null,
      Dimensions: [{ name: 'endpoint', value: endpoint.id }],
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      TreatMissingData: '',
      EvaluateLowSampleCountPercentile: '',
    },
    parallax: {
      schema: 'parallax.pager/1',
      event: transition.event,
      dedupKey,
      sequence: transition.sequence,
      kind: transition.kind,
      rule: transition.rule,
      severity,
      endpoint: endpoint.id,
      host: oneLine(endpoint.host, 255),
      port: endpoint.port,
      failingRegions: transition.failingRegions.slice(0, 100).map((name) => oneLine(name, 40)),
      listeningRegions: transition.listeningRegions.slice(0, 100).map((name) => oneLine(name, 40)),
      flapping: transition.flapping,
      end: transition.end,
    },
  };
  return { subject: subjectOf(transition, region, now), body: JSON.stringify(body) };
}

function subjectOf({ endpoint }: Transition, region: string, state: AlarmState): string {
  const around = `${state}: "" in ${region}`;
  const name = asciiLine(endpoint.name, 100) || asciiLine(endpoint.id, 100);
  const short = asciiLine(name.replaceAll('"', "'"), SUBJECT_MOST_CHARACTERS - around.length);
  return `${state}: "${short}" in ${region}`;
}

/** `2015-06-03T17:43:27.123+0000`, as CloudWatch writes it. */
function stateTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
