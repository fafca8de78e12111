import { INTERVALS, type Interval } from '../../endpoint/endpoint.ts';
import { parseEndpoint } from '../../endpoint/parse.ts';
import { MAX_NAME_CHARACTERS, MAX_TAG_CHARACTERS, MAX_TAGS } from '../../endpoint/schema.ts';
import type { Handshake } from '../../outcome/outcome.ts';
import { guessModule, type Module } from './modules.ts';
import type { Target } from './read.ts';
import { type Place, placeOf, shownTarget } from './target.ts';

/** An endpoint that a target became. */
export interface Converted {
  readonly fields: Readonly<Record<string, unknown>> & {
    readonly host: string;
    readonly port: number;
    readonly handshake: Handshake;
  };
  /** What was guessed or cannot be taken over, a line each. */
  readonly notes: readonly string[];
}

/** Ports on which TLS begins with the first byte (IANA's service names). */
const TLS_PORTS: readonly number[] = [
  443, 465, 563, 636, 853, 989, 990, 992, 993, 995, 5061, 5671, 6443, 8443, 8883, 9443,
];

/** What a target of a blackbox_exporter is here, or why it is nothing. */
export function convert(
  target: Target,
  modules: ReadonlyMap<string, Module>,
): Converted | { readonly leftOut: string } {
  const module = modules.get(target.module ?? '') ?? guessModule(target.module);
  const shown = shownTarget(target.target);
  const refuse = (why: string) => ({ leftOut: `${shown}: ${why}` });
  if (module.prober === 'icmp') return refuse('ICMP is not tried here: name a TCP port that answers there');
  if (module.prober === 'dns') return refuse('DNS queries are not sent here: port 53 can be tried over TCP');
  const place = placeOf(target.target);
  if (place === null) return refuse('neither a URL nor host:port');
  const port = place.port ?? (module.prober === 'http' ? 80 : null);
  if (port === null) return refuse('it has no port');
  const handshake = handshakeOf(module, place, port);
  const interval = intervalOf(target.interval);
  const fields = {
    host: place.host,
    port,
    handshake,
    ...(interval === null || interval.seconds === 60 ? {} : { intervalSeconds: interval.seconds }),
    ...(module.serverName === null || handshake === 'tcp' ? {} : { serverName: module.serverName }),
    ...(module.insecure && handshake !== 'tcp' ? { certificate: 'ignore' } : {}),
    ...labelFields(target.labels),
  };
  const parsed = parseEndpoint(fields, { id: 'x', regions: [], ipv6: true, allowPrivateAddresses: true });
  if ('errors' in parsed) return refuse(parsed.errors.map(({ message }) => message).join('; '));
  return {
    fields,
    notes: [
      ...(module.guessed ? [guess(target.module, handshake)] : []),
      ...(interval?.note === undefined ? [] : [interval.note]),
      ...(module.talks ? ['what is said after the connect is not looked at here'] : []),
      ...(place.hasPath ? ['its path is not asked for: no request is ever sent'] : []),
    ],
  };
}

function handshakeOf({ prober, tls, guessed }: Module, { scheme }: Place, port: number): Handshake {
  const secure = scheme === 'https' || (scheme !== 'http' && TLS_PORTS.includes(port));
  switch (prober) {
    case 'http':
      return scheme === 'https' ? 'tls' : 'tcp';
    case 'grpc':
      return tls || (guessed && secure) ? 'http2' : 'tcp';
    case 'tcp':
      return tls ? 'tls' : 'tcp';
    case 'unknown':
      return secure ? 'tls' : 'tcp';
    case 'icmp':
    case 'dns':
      throw new Error(`nothing is tried with ${prober}`);
  }
}

function guess(module: string | null, handshake: Handshake): string {
  return module === null
    ? `${handshake} is a guess: no module is named`
    : `${handshake} is a guess from the name of module ${module}`;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** The first interval that is not shorter. Null: it is not said, or cannot be read. */
function intervalOf(
  written: string | null,
): { readonly seconds: Interval; readonly note: string | undefined } | null {
  if (written === null || !/^(?:\d+(?:ms|[smhdw]))+$/.test(written)) return null;
  const parts = [...written.matchAll(/(\d+)(ms|[smhdw])/g)];
  const asked = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ''] ?? 0),
    0,
  );
  const seconds = INTERVALS.find((interval) => interval >= asked) ?? 600;
  return { seconds, note: seconds === asked ? undefined : `every ${written} there, every ${seconds} s here` };
}

/** `team` and `name` (or `instance`) are fields; other labels become tags such as env:prod. */
function labelFields(labels: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  const shortened = (text: string, max: number): string =>
    text
      .replaceAll(/\p{Cc}/gu, ' ')
      .slice(0, max)
      .toWellFormed()
      .trim();
  const name = shortened(labels.get('name') ?? labels.get('instance') ?? '', MAX_NAME_CHARACTERS);
  const team = shortened(labels.get('team') ?? '', MAX_TAG_CHARACTERS);
  const tags = [...labels]
    .filter(([key, value]) => !['team', 'name', 'instance'].includes(key) && value !== '')
    .map(([key, value]) =>
      shortened(
        `${key === 'scope' ? 'their-scope' : key}:${value}`.replaceAll(/[/\\?#%]/g, '-'),
        MAX_TAG_CHARACTERS,
      ),
    )
    // One place is for the scope of the file, which no label may name.
    .slice(0, MAX_TAGS - 1);
  return {
    ...(name === '' ? {} : { name }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(team === '' ? {} : { team }),
  };
}
