import type { GroupTransition } from '../incident/group-state.ts';
import type { Transition } from '../incident/state.ts';
import { runbookOf, runbookOfMany } from './checklist.ts';
import type { Deployment } from './facts.ts';
import type { GroupWords } from './group-words.ts';
import { asciiLine, oneLine, SUBJECT_MOST_CHARACTERS } from './limits.ts';
import { nameIn, namingOfMany } from './naming.ts';
import { type Notice, type NoticeWords, regionOf } from './notice.ts';
import { summaryOf } from './words.ts';

type AlarmState = 'ALARM' | 'OK';

/** CloudWatch's own limits (PutMetricAlarm, SetAlarmState): a reason has 1,023 characters, an alarm's name 255. */
const REASON_MOST_CHARACTERS = 1023;
const NAME_MOST_CHARACTERS = 255;
/** As much as a subject has room for. */
const PAGE_NAME_CHARACTERS = 70;

interface Page {
  readonly subject: string;
  readonly body: string;
}

/** What is told, and what of it is the same for every alert. */
type Paged = Pick<Transition | Notice, 'event' | 'dedupKey' | 'sequence' | 'severity' | 'at'>;

interface About {
  readonly since: number;
  /** One line. */
  readonly summary: string;
  readonly runbook: string | null;
  /** What the subject puts between quotation marks. */
  readonly name: string;
  readonly dimension: {
    readonly name: 'endpoint' | 'group' | 'region' | 'deployment';
    readonly value: string;
  };
  readonly kind: string;
  readonly rule: string;
  /** Beside what every alert has. */
  readonly rest: object;
}

/**
 * A message in the shape of a CloudWatch alarm, which PagerDuty and its like take from SNS as it is; null for what such an
 * alarm cannot say: an update, an acknowledgement. It is not an alarm of CloudWatch: `parallax` holds what it is.
 */
export function pager(transition: Transition, deployment: Deployment): Page | null {
  const { endpoint, since, kind, rule, flapping, end } = transition;
  const most = (names: readonly string[]): string[] => names.slice(0, 100).map((name) => oneLine(name, 40));
  return page(transition, deployment, {
    since,
    summary: summaryOf(transition),
    runbook: runbookOf(transition),
    name: nameIn(endpoint, asciiLine),
    dimension: { name: 'endpoint', value: endpoint.id },
    kind,
    rule,
    rest: {
      endpoint: endpoint.id,
      host: oneLine(endpoint.host, 255),
      port: endpoint.port,
      failingRegions: most(transition.failingRegions),
      listeningRegions: most(transition.listeningRegions),
      flapping,
      end,
    },
  });
}

/** The same of what is not of an endpoint. */
export function noticePager(notice: Notice, words: NoticeWords, deployment: Deployment): Page | null {
  return page(notice, deployment, aboutNotice(notice, words, deployment));
}

/** Opened and closed again. */
export function drillPager(drill: Notice, words: NoticeWords, deployment: Deployment): readonly Page[] {
  const about = aboutNotice(drill, words, deployment);
  return [
    message({ ...drill, event: 'trigger' }, deployment, about, 'ALARM', 'OK'),
    message({ ...drill, event: 'resolve', sequence: 2 }, deployment, about, 'OK', 'ALARM'),
  ].map(({ subject, body }) => ({ subject: asciiLine(`[TEST] ${subject}`, SUBJECT_MOST_CHARACTERS), body }));
}

function aboutNotice(notice: Notice, { summary }: NoticeWords, { name }: Deployment): About {
  const { finding, end } = notice;
  const region = regionOf(notice);
  return {
    since: finding.since,
    summary,
    runbook: null,
    name: region === null ? `Parallax ${asciiLine(name, 40)}` : `Region ${region}`,
    dimension:
      region === null ? { name: 'deployment', value: oneLine(name, 64) } : { name: 'region', value: region },
    kind: finding.kind,
    rule: finding.kind,
    rest: { region, end },
  };
}

/** The same of several endpoints of one cause. */
export function groupPager(
  transition: GroupTransition,
  { summary }: GroupWords,
  deployment: Deployment,
): Page | null {
  const { since, kind, rule, group, example } = transition;
  const most = (names: readonly string[]): string[] => names.slice(0, 100).map((name) => oneLine(name, 40));
  return page(transition, deployment, {
    since,
    summary,
    runbook: runbookOfMany(transition),
    name: namingOfMany(transition)(PAGE_NAME_CHARACTERS, asciiLine) ?? `${group.count} endpoints`,
    dimension: { name: 'group', value: oneLine(group.cause, 255) },
    kind,
    rule,
    rest: {
      endpoints: group.members.map(({ id }) => id),
      count: group.count,
      failingRegions: most(example.failingRegions),
      listeningRegions: most(example.listeningRegions),
    },
  });
}

function page(paged: Paged, deployment: Deployment, about: About): Page | null {
  switch (paged.event) {
    case 'trigger':
      return message(paged, deployment, about, 'ALARM', 'OK');
    case 'resolve':
      return message(paged, deployment, about, 'OK', 'ALARM');
    case 'update':
    case 'acknowledge':
    case 'test':
      return null;
  }
}

function message(
  paged: Paged,
  deployment: Deployment,
  about: About,
  now: AlarmState,
  before: AlarmState,
): Page {
  const { event, dedupKey, sequence, severity, at } = paged;
  const { runbook, since, dimension, kind, rule, rest } = about;
  const region = asciiLine(deployment.homeRegion, 32);
  const account = asciiLine(deployment.account, 32);
  const summary = oneLine(about.summary, REASON_MOST_CHARACTERS);
  const alarmName = asciiLine(dedupKey, NAME_MOST_CHARACTERS);
  const body = {
    AlarmName: alarmName,
    AlarmDescription: `[${severity}] ${summary}${runbook === null ? '' : `. Runbook ${runbook}`}`,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: stateTime(since),
    NewStateValue: now,
    NewStateReason: summary,
    StateChangeTime: stateTime(at),
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
      Dimensions: [dimension],
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      TreatMissingData: '',
      EvaluateLowSampleCountPercentile: '',
    },
    parallax: { schema: 'parallax.pager/1', event, dedupKey, sequence, kind, rule, severity, ...rest },
  };
  return { subject: subjectOf(about.name, region, now), body: JSON.stringify(body) };
}

function subjectOf(name: string, region: string, state: AlarmState): string {
  const around = `${state}: "" in ${region}`;
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
