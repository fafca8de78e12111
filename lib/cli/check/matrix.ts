import { STAGES } from '../../outcome/outcome.ts';
import { RULE_MEANS } from '../../outcome/rule-words.ts';
import type { Schemas } from '../api-client.ts';
import { colors } from '../colors.ts';
import { targetOf } from '../endpoint-flags.ts';
import { drawTable } from '../table.ts';
import { figure, LOOKS, MARKS, OURS, RESENT } from '../view.ts';
import { daysLeft } from './certificate-lines.ts';
import type { CheckResult } from './here.ts';
import { clean, outcomeWords, RESULTS } from './words.ts';

export type Check = Schemas['Check'];
type Region = Check['regions'][number];

const KEYS = { dns: 'dnsMs', tcp: 'tcpMs', tls: 'tlsMs', http2: 'http2Ms' } as const;

/** What all regions say together: failing where any does, passing where each does. */
export function resultOf({ regions }: Check): CheckResult {
  if (regions.some(({ state }) => state === 'suspect')) return 'failing';
  return regions.length > 0 && regions.every(({ state }) => state === 'passing') ? 'passing' : 'inconclusive';
}

/** Regions down, stages across, as far as they have answered. */
export function matrix(check: Check, columns: number): string {
  const { target, endpoint, regions } = check;
  const stages = STAGES.slice(0, STAGES.indexOf(target.handshake) + 1);
  const rows = regions.map((region) => [
    colors.bold(region.region),
    stateCell(region),
    ...stages.map((stage) => stageCell(region, stage)),
    region.address ?? '',
    region.sourceAddress ?? '',
  ]);
  const name = endpoint === null ? '' : `${endpoint}  `;
  const head = `${colors.bold(`${name}${targetOf(target)}`)}  ${target.handshake}  ${colors.dim('times in ms')}`;
  const drawn = drawTable(['region', '', ...stages, 'address', 'from'], rows, columns);
  const marked = drawn.includes(OURS) || drawn.includes(RESENT);
  return [head, drawn, ...(marked ? [colors.dim(MARKS)] : [])].join('\n');
}

/** What all of it means, once it is complete. */
export function meaning(check: Check, command: string, nowMs: number): string {
  const { checklist, certificates, regions } = check;
  const { symbol, paint } = RESULTS[resultOf(check)];
  const seen = certificates.map((one) => {
    const by = regions.filter(({ certificate }) => certificate === one.sha256);
    const where = by.length === regions.length ? 'all regions' : by.map(({ region }) => region).join(', ');
    return `certificate ${clean(one.subject)}, by ${clean(one.issuer)}, ${daysLeft(one, nowMs)}  ${colors.dim(where)}`;
  });
  const first = checklist.map((line, index) => `  ${index + 1}. ${line}`);
  return [
    ...seen,
    paint(`${symbol} ${meansOf(check)}`),
    ...(first.length > 0 ? [colors.bold('Look first'), ...first] : []),
    colors.dim(`Shown again by: ${command} check --id ${check.id}`),
  ].join('\n');
}

/** `eu-west-1  ● passing  tcp 23  tls 25 ms  203.0.113.7`: for where there is no terminal. */
export function regionLine(region: Region): string {
  const failed = region.outcome !== null && region.outcome !== 'ok';
  const what = failed ? outcomeWords(region) : timesOf(region);
  return [region.region, stateCell(region), what, region.address ?? '']
    .filter((one) => one !== '')
    .join('  ');
}

/** `tcp 23  tls 25 ms`. */
function timesOf(region: Region): string {
  const finished = STAGES.flatMap((stage) => {
    const ms = region.timings[KEYS[stage]];
    return ms === undefined ? [] : [`${stage} ${figure(region, stage, ms)}`];
  });
  return finished.length === 0 ? '' : `${finished.join('  ')} ms`;
}

/** `● reachable  3 of 3 regions pass`: one of many. */
export function checkLine(check: Check): string {
  const { symbol, paint } = RESULTS[resultOf(check)];
  const { regions, rule } = check;
  const passing = regions.filter(({ state }) => state === 'passing');
  const others = regions.filter(({ state }) => state !== 'passing');
  const time = colors.dim(`${check.at.slice(11, 19)}Z`);
  const words = others.map((one) =>
    one.answer === 'answered' ? `${one.region} ${outcomeWords(one)}` : `${one.region} no answer`,
  );
  const count = `${passing.length} of ${regions.length} regions pass`;
  return [
    `${time} ${paint(`${symbol} ${rule === null ? 'nothing known' : ruleWords(rule)}`)}`,
    count,
    ...words,
  ].join('  ');
}

function meansOf({ rule, regions }: Check): string {
  if (rule === null) return 'no region says anything of the port';
  if (rule !== 'reachable') return `${ruleWords(rule)}: ${RULE_MEANS[rule]}`;
  const passing = regions.filter(({ state }) => state === 'passing').length;
  return passing === regions.length
    ? 'reachable: every region gets through'
    : `${passing} of ${regions.length} regions get through, of the others nothing is known`;
}

const ruleWords = (rule: string): string => rule.replaceAll('_', ' ');

function stateCell({ answer, state }: Region): string {
  if (answer === 'pending') return colors.dim('… asked');
  if (answer === 'no_answer') return colors.yellow('? no answer');
  const { symbol, paint } = LOOKS[state];
  switch (state) {
    case 'passing':
      return paint(`${symbol} passing`);
    case 'suspect':
    case 'failing':
      return colors.red('✖ failing');
    case 'recovering':
    case 'unknown':
      return paint(`${symbol} inconclusive`);
  }
}

/** How long it took, or how it failed; nothing where the try did not come so far. */
function stageCell(region: Region, stage: (typeof STAGES)[number]): string {
  const ms = region.timings[KEYS[stage]];
  if (ms !== undefined) return figure(region, stage, ms);
  if (region.stage !== stage || region.outcome === null || region.outcome === 'ok') return '';
  return colors.red(region.reason ?? region.outcome);
}
