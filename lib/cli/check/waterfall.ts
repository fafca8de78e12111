import { STAGES, type Stage } from '../../outcome/outcome.ts';
import type { Timings } from '../../round/observation.ts';
import { colors } from '../colors.ts';
import { targetOf } from '../endpoint-flags.ts';
import { figure, MARKS, milliseconds } from '../view.ts';
import { certificateLines } from './certificate-lines.ts';
import { type HereCheck, sumOf } from './here.ts';
import { fact, outcomeWords, RESULTS } from './words.ts';

const KEYS: Readonly<Record<Stage, keyof Timings>> = {
  dns: 'dnsMs',
  tcp: 'tcpMs',
  tls: 'tlsMs',
  http2: 'http2Ms',
};

/** Bars are between so wide, in characters. */
const [NARROWEST, WIDEST] = [12, 60];
/** What stands before a bar: two spaces, the stage, its time. */
const MARGIN = 24;

/** One try from here: how long each stage took and when it began, what was agreed on, and what to look at where it failed. */
export function waterfall(check: HereCheck, columns: number, nowMs: number): string {
  const { target, result, address, means, note } = check;
  const { symbol, paint } = RESULTS[result];
  const head = `${colors.bold(targetOf(target))}  ${target.handshake}  ${paint(`${symbol} ${result}`)}`;
  const lines = [
    head,
    ...bars(check, columns),
    ...clockLines(check),
    ...(address === null ? [] : [fact('address', address)]),
    ...(note === null ? [] : [fact('note', note)]),
    ...tlsLines(check),
    ...(check.certificate === null ? [] : certificateLines(check.certificate, nowMs)),
  ];
  if (means === null) return lines.join('\n');
  const first = check.checklist.map((line, index) => `  ${index + 1}. ${line}`);
  return [
    ...lines,
    fact(
      'outcome',
      paint(outcomeWords(check)) + (check.errno === null ? '' : colors.dim(` (${check.errno})`)),
    ),
    fact('means', means),
    ...(first.length > 0 ? ['', colors.bold('Look first'), ...first] : []),
  ].join('\n');
}

interface Bar {
  readonly stage: Stage;
  readonly ms: number;
  readonly failed: boolean;
}

function barsOf({ timings, failedAfterMs, stage }: HereCheck): readonly Bar[] {
  const finished = STAGES.flatMap((one) => {
    const ms = timings[KEYS[one]];
    return ms === undefined ? [] : [{ stage: one, ms, failed: false }];
  });
  return failedAfterMs === null ? finished : [...finished, { stage, ms: failedAfterMs, failed: true }];
}

function bars(check: HereCheck, columns: number): readonly string[] {
  const shown = barsOf(check);
  const totalMs = shown.reduce((sum, { ms }) => sum + ms, 0);
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns - MARGIN));
  const scale = totalMs > 0 ? width / totalMs : 0;
  let atMs = 0;
  const lines = shown.map(({ stage, ms, failed }) => {
    const length = Math.max(1, Math.round(ms * scale));
    const before = Math.min(width - length, Math.round(atMs * scale));
    atMs += ms;
    const took = failed ? milliseconds(ms) : figure(check, stage, ms);
    const bar = failed ? colors.red('░'.repeat(length)) : colors.cyan('█'.repeat(length));
    return `  ${stage.padEnd(6)} ${took.padStart(9)} ms  ${' '.repeat(Math.max(0, before))}${bar}`;
  });
  if (check.failedAfterMs !== null || shown.length < 2) return lines;
  return [
    ...lines,
    colors.dim(`  ${'total'.padEnd(6)} ${milliseconds(sumOf(check.timings)).padStart(9)} ms`),
  ];
}

/** Whose time it is: only of a connect can the kernel say. */
function clockLines(check: HereCheck): readonly string[] {
  const { tcpClock, minRttMs, timings, synRetransmits, tainted } = check;
  if (timings.tcpMs === undefined) return [];
  const kernel = tcpClock === 'kernel' && synRetransmits === 0;
  const rest = timings.tlsMs === undefined ? '' : "; the rest by this process's";
  const words = kernel
    ? `tcp by the kernel's clock, SYN to SYN-ACK${rest}`
    : "by this process's own, which includes its own delays";
  const rtt = minRttMs === null ? '' : `; shortest round trip ${milliseconds(minRttMs)} ms`;
  const marked = tainted.length > 0 || tcpClock === 'loop' || synRetransmits > 0;
  return [fact('clock', `${words}${rtt}`), ...(marked ? [fact('', colors.dim(MARKS))] : [])];
}

function tlsLines({ tls }: HereCheck): readonly string[] {
  if (tls === null || tls.version === null) return [];
  const { version, cipher, alpn } = tls;
  const agreed = [version.replace('TLSv', 'TLS '), cipher, alpn === null ? 'no ALPN' : `ALPN ${alpn}`];
  return [fact('tls', agreed.filter((one) => one !== null).join('  '))];
}

/** `03:12:05Z ● tcp 23 tls 25 ms  203.0.113.7`: one of many. */
export function oneLine(check: HereCheck): string {
  const { symbol, paint } = RESULTS[check.result];
  const stages = barsOf(check).flatMap(({ stage, ms, failed }) =>
    failed ? [] : [`${stage} ${figure(check, stage, ms)}`],
  );
  const times = stages.length === 0 ? '' : `${stages.join('  ')} ms`;
  const what = check.means === null ? '' : paint(outcomeWords(check));
  const words = [what, times, check.address ?? ''].filter((one) => one !== '');
  return `${colors.dim(`${check.at.slice(11, 19)}Z`)} ${paint(symbol)} ${words.join('  ')}`;
}
