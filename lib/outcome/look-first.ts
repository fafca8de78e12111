import { isIP } from 'node:net';
import { SERVER_NAME } from './lines.ts';
import { casesOf, linesOf } from './look-first-cases.ts';
import type { LookFirst, LookFirstRule } from './look-first-shape.ts';

/** More is not read at three in the morning. */
const MOST_LINES = 7;

/** Where the addresses of the probers are not known. */
export const NO_SOURCES = "the probers' AWS addresses";

const NOT_WATCHED = [
  'Do the probers run? The probe and dispatch logs of a region: aws logs tail LOG_GROUP --since 15m',
  'Schedules switched on? aws scheduler list-schedules --region REGION',
  'Probe queue growing? aws sqs get-queue-attributes --queue-url URL --attribute-names All',
  'Trouble at AWS? aws health describe-events, or https://health.aws.amazon.com/health/status',
];

const DEAD_ADDRESS = [
  'Is {address} still meant to be in DNS? dig +short {host}',
  'Host behind {address} up? nc -vz {address} {port}; take it out of DNS, or mend its health check',
];

const UNPROVEN = [
  'Never seen listening: host and port right? dig +short {host}; nc -vz {host} {port} from where it must work',
];

const ONE_WITNESS = [
  'Only one region reports: try it from elsewhere before anything else: nc -vz {address} {port}',
];

/**
 * What to look at first, at most seven lines, each with the command to run; chosen by the evidence, the most frequent failure
 * first, and never asking what the evidence already answers (nobody whose port was refused is told to ping the host).
 * Commands are safe to paste: a host that is neither a name nor an address literal is written HOST.
 */
export function lookFirst(input: LookFirst): string[] {
  const fill = filler(input);
  const cases = casesOf(input);
  const perCase = cases.length <= 1 ? MOST_LINES : cases.length === 2 ? 3 : 2;
  const nameless = serverNameOf(input) === null;
  const found = cases.flatMap((one) =>
    linesOf(one)
      .filter((line) => !(nameless && line === SERVER_NAME))
      .slice(0, perCase),
  );
  // Where the probers do say what they saw, nobody need look at them.
  const opening = input.rule === 'not_watched' && found.length > 0 ? [] : openingOf(input.rule);
  const lines = [...opening, ...found];
  // There is no name to ask DNS for.
  const useful = isIP(input.host) === 0 ? lines : lines.filter((line) => !line.includes('dig '));
  return [...new Set(useful.map(fill))].slice(0, MOST_LINES);
}

/** The name a prober sends in its ClientHello; null: none, for an address is not one (RFC 6066 section 3). */
function serverNameOf({ host, serverName }: LookFirst): string | null {
  const name = serverName ?? host;
  return isIP(name) === 0 ? name : null;
}

function openingOf(rule: LookFirstRule): readonly string[] {
  switch (rule) {
    case 'not_watched':
      return NOT_WATCHED;
    case 'unproven':
      return UNPROVEN;
    case 'failing_where_seen':
      return ONE_WITNESS;
    case 'dead_address_from_some':
      return DEAD_ADDRESS;
    case 'blocked_from_some':
    case 'refused_from_some':
    case 'unresolved_from_some':
    case 'handshake_differs':
    case 'not_listening':
    case 'unreachable_everywhere':
    case 'unresolved_everywhere':
    case 'handshake_fails_everywhere':
    case 'fails_everywhere_mixed':
    case 'reachable':
      return [];
  }
}

const HOST_NAME = /^[a-z0-9_](?:[a-z0-9._-]{0,252})$/i;

function filler(input: LookFirst): (line: string) => string {
  const { host, port, failing, sourceAddresses } = input;
  const safe = (name: string): string => (isIP(name) !== 0 || HOST_NAME.test(name) ? name : 'HOST');
  const safeHost = safe(host);
  const serverName = serverNameOf(input);
  const seen = failing
    .map((region) => region.address)
    .find((address) => address !== null && isIP(address) !== 0);
  const address = seen ?? safeHost;
  const sources = [...new Set(sourceAddresses)].filter((source) => isIP(source) !== 0).slice(0, 3);
  const hosts = sources.map((source) => `host ${source}`);
  const values: Readonly<Record<string, string>> = {
    host: safeHost,
    port: String(port),
    address,
    target: `${bracketed(address)}:${port}`,
    authority: `${bracketed(safeHost)}:${port}`,
    servername: serverName === null ? '' : ` -servername ${safe(serverName)}`,
    source: sources[0] ?? 'PROBER',
    sources: sources.length > 0 ? sources.join(', ') : NO_SOURCES,
    andSources:
      hosts.length > 1 ? ` and (${hosts.join(' or ')})` : hosts.map((one) => ` and ${one}`).join(''),
    tcpPort: `'tcp port ${port}'`,
  };
  return (line) => line.replace(/\{(\w+)\}/g, (placeholder, key: string) => values[key] ?? placeholder);
}

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
