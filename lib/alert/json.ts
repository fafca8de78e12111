import { parseCauseKey } from '../incident/cause.ts';
import type { GroupTransition } from '../incident/group-state.ts';
import type { Transition } from '../incident/state.ts';
import type { RegionReport } from '../verdict/region-state.ts';
import { checklistOf, commandsOf, commandsOfMany, listOf, runbookOf, runbookOfMany } from './checklist.ts';
import type { Deployment } from './facts.ts';
import type { GroupWords } from './group-words.ts';
import { bytesOf, JSON_MOST_BYTES, oneLine } from './limits.ts';
import { type Notice, type NoticeWords, regionOf } from './notice.ts';
import type { Alert } from './schema.ts';
import { rfc3339 } from './time.ts';
import { summaryOf } from './words.ts';

/** More regions than AWS has. */
const MOST_REGIONS = 100;
const MOST_ENDPOINTS = 100;

/** The json alert, as schema.ts describes it; at most 200 KB. */
export function jsonBody(transition: Transition, deployment: Deployment): string {
  for (let most = MOST_REGIONS; ; most = Math.floor(most / 2)) {
    const body = JSON.stringify(alertOf(transition, deployment, most));
    if (bytesOf(body) <= JSON_MOST_BYTES || most === 0) return body;
  }
}

/** The same of an alert about the watching: no endpoint, and the region that it is about is unknown. */
export function noticeJsonBody(
  notice: Notice,
  { summary, checklist }: NoticeWords,
  deployment: Deployment,
): string {
  const { event, dedupKey, sequence, severity, finding, at, end } = notice;
  const region = regionOf(notice);
  const alert: Alert = {
    schema: 'parallax.alert/1',
    event,
    deployment: sender(deployment),
    dedupKey,
    sequence,
    kind: finding.kind,
    rule: finding.kind,
    severity,
    since: rfc3339(finding.since),
    at: rfc3339(at),
    endpoint: null,
    region,
    endpoints: [],
    group: null,
    listeningRegions: [],
    failingRegions: [],
    unknownRegions: region === null || end === 'recovered' ? [] : [region],
    regions: [],
    previous: null,
    summary,
    checklist: [...checklist],
    runbookUrl: null,
    commands: listOf(commandsOfMany(notice, deployment)),
    flapping: false,
    acknowledged: acknowledgedOf(notice),
    reminder: notice.reminder,
    end,
    resolvedAt: event === 'resolve' ? rfc3339(at) : null,
  };
  return JSON.stringify(alert);
}

/** The same of several endpoints that are told as one: `endpoints` lists them, 100 at most, `group` counts them. */
export function groupJsonBody(
  transition: GroupTransition,
  { summary, checklist }: GroupWords,
  deployment: Deployment,
): string {
  const { event, dedupKey, sequence, kind, rule, severity, since, at, endedAt } = transition;
  const { group, example, reminder } = transition;
  const { cause } = parseCauseKey(group.cause);
  const over = event === 'resolve';
  const alert: Alert = {
    schema: 'parallax.alert/1',
    event,
    deployment: sender(deployment),
    dedupKey,
    sequence,
    kind,
    rule,
    severity,
    since: rfc3339(since),
    at: rfc3339(at),
    endpoint: null,
    region: cause.kind === 'region' && !cause.value.includes(' ') ? oneLine(cause.value, 40) : null,
    endpoints: group.members.slice(0, MOST_ENDPOINTS).map(({ id }) => id),
    group: { cause: cause.kind, value: oneLine(cause.value, 400), count: group.count },
    listeningRegions: over ? [] : names(example.listeningRegions),
    failingRegions: over ? [] : names(example.failingRegions),
    unknownRegions: over ? [] : names(example.unknownRegions),
    regions: over ? [] : example.regions.slice(0, MOST_REGIONS).map(report),
    previous: previousOf(transition),
    summary,
    checklist: [...checklist],
    runbookUrl: runbookOfMany(transition),
    commands: listOf(commandsOfMany(transition, deployment)),
    flapping: transition.flapping,
    acknowledged: acknowledgedOf(transition),
    reminder,
    end: transition.end,
    resolvedAt: over ? rfc3339(endedAt ?? at) : null,
  };
  return JSON.stringify(alert);
}

const names = (regions: readonly string[]): string[] =>
  regions.slice(0, MOST_REGIONS).map((region) => oneLine(region, 40));

function previousOf({ before }: Pick<GroupTransition, 'before'>): Alert['previous'] {
  if (before === null) return null;
  const { kind, rule, severity, failing } = before;
  return { kind, rule, severity, failingRegions: names(failing) };
}

function acknowledgedOf({ acknowledged }: Pick<Transition, 'acknowledged'>): Alert['acknowledged'] {
  return (
    acknowledged && {
      by: oneLine(acknowledged.by, 100),
      note: acknowledged.note === null ? null : oneLine(acknowledged.note, 500),
      at: rfc3339(acknowledged.at),
      until: acknowledged.until === null ? null : rfc3339(acknowledged.until),
    }
  );
}

function sender({ name, account, homeRegion }: Deployment): Alert['deployment'] {
  return { name: oneLine(name, 64), account: oneLine(account, 32), homeRegion: oneLine(homeRegion, 40) };
}

function alertOf(transition: Transition, deployment: Deployment, most: number): Alert {
  const { endpoint, event, at } = transition;
  return {
    schema: 'parallax.alert/1',
    event,
    deployment: sender(deployment),
    dedupKey: transition.dedupKey,
    sequence: transition.sequence,
    kind: transition.kind,
    rule: transition.rule,
    severity: transition.severity,
    since: rfc3339(transition.since),
    at: rfc3339(at),
    endpoint: {
      id: endpoint.id,
      name: bounded(endpoint.name, 200),
      host: bounded(endpoint.host, 255),
      port: endpoint.port,
      handshake: endpoint.handshake,
      team: endpoint.team === null ? null : bounded(endpoint.team, 200),
    },
    region: null,
    endpoints: [endpoint.id],
    group: null,
    listeningRegions: names(transition.listeningRegions),
    failingRegions: names(transition.failingRegions),
    unknownRegions: names(transition.unknownRegions),
    regions: transition.regions.slice(0, most).map(report),
    previous: previousOf(transition),
    summary: summaryOf(transition),
    checklist: [...checklistOf(transition, deployment)],
    runbookUrl: runbookOf(transition),
    commands: listOf(commandsOf(transition, deployment)),
    flapping: transition.flapping,
    acknowledged: acknowledgedOf(transition),
    reminder: transition.reminder,
    end: transition.end,
    resolvedAt: event === 'resolve' ? rfc3339(transition.endedAt ?? at) : null,
  };
}

/** What the user wrote, as written: JSON escapes it. Only its length is bounded. */
function bounded(text: string, most: number): string {
  return text.length <= most ? text : [...text.toWellFormed()].slice(0, most).join('');
}

/** Written out, so that a field that is added to the report is added here on purpose. */
function report(from: RegionReport): Alert['regions'][number] {
  const short = (text: string | null): string | null => (text === null ? null : oneLine(text, 100));
  return {
    region: oneLine(from.region, 40),
    state: from.state,
    since: from.since,
    at: from.at,
    conclusiveAt: from.conclusiveAt,
    evidence: from.evidence,
    stage: from.stage,
    outcome: short(from.outcome),
    reason: short(from.reason),
    errno: short(from.errno),
    address: short(from.address),
    sourceAddress: short(from.sourceAddress),
    bytesReceived: from.bytesReceived,
    tls: from.tls && {
      version: short(from.tls.version),
      cipher: short(from.tls.cipher),
      alpn: short(from.tls.alpn),
    },
    certificate: short(from.certificate),
    elsewhere: from.elsewhere && { ...from.elsewhere, outcome: oneLine(from.elsewhere.outcome, 100) },
    tries: from.tries,
    tcpClock: from.tcpClock,
    tainted: [...from.tainted],
    synRetransmits: from.synRetransmits,
    timings: { ...from.timings },
  };
}
