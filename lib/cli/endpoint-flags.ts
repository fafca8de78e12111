import { type Command, Option } from 'commander';
import { nearest } from '../endpoint/nearest.ts';
import { KINDS } from '../endpoint/severity.ts';
import { UsageError } from '../local/usage-error.ts';
import { HANDSHAKES } from '../outcome/outcome.ts';
import type { Schemas } from './api-client.ts';

/** What of an endpoint is said by options. */
export interface WrittenSettings {
  readonly handshake?: (typeof HANDSHAKES)[number];
  readonly name?: string;
  readonly interval?: string;
  readonly alertAfter?: string;
  readonly regions?: string;
  readonly addressFamily?: 'ipv4' | 'ipv6';
  readonly serverName?: string;
  readonly certificate?: 'verify' | 'ignore';
  readonly tag?: readonly string[];
  readonly enabled?: boolean;
  readonly team?: string;
  readonly severity?: readonly string[];
  readonly runbookUrl?: string;
}

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

/** Adds the options of WrittenSettings. What is right is the API's matter; here is only what it could not tell. */
export function withSettings(command: Command): Command {
  return command
    .addOption(new Option('--handshake <stage>', 'how far a try must get to pass').choices([...HANDSHAKES]))
    .option('--name <text>', 'as alerts call it')
    .option('--interval <seconds>', '10, 20, 30, 60, 120, 300 or 600')
    .option('--alert-after <seconds>', 'an incident is told once it has lasted this long')
    .option('--regions <a,b>', 'from where: all, or some of the deployment’s regions')
    .addOption(new Option('--address-family <family>', 'of the address of a name').choices(['ipv4', 'ipv6']))
    .option('--server-name <name>', 'SNI, and the name on the certificate')
    .addOption(new Option('--certificate <how>', 'whether a bad one fails').choices(['verify', 'ignore']))
    .addOption(new Option('--tag <tag>', 'repeatable').argParser(collect))
    .option('--team <name>', 'who is told')
    .addOption(new Option('--severity <kind=P1>', 'of a kind of incident; repeatable').argParser(collect))
    .option('--runbook-url <url>', 'in every alert')
    .option('--enabled', 'watch it')
    .option('--no-enabled', 'keep it without watching it');
}

type Settings = Omit<Partial<Schemas['EndpointInput']>, 'host' | 'port'>;

/** As the API takes it; what is not said is not there. @throws UsageError */
export function settingsIn(written: WrittenSettings): Settings {
  const { handshake, name, regions, addressFamily, serverName, certificate, enabled, team, runbookUrl } =
    written;
  const all = {
    handshake,
    name,
    intervalSeconds: secondsIn('--interval', written.interval) as Settings['intervalSeconds'],
    alertAfterSeconds: secondsIn('--alert-after', written.alertAfter),
    regions: regions === undefined || regions === 'all' ? regions : someIn('--regions', regions),
    addressFamily,
    serverName,
    certificate,
    tags: written.tag === undefined ? undefined : written.tag.filter((tag) => tag !== ''),
    enabled,
    team,
    severities: severitiesIn(written.severity),
    runbookUrl,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const NULLABLE = ['serverName', 'team', 'runbookUrl'] as const;

/** As a PATCH takes it: an empty text takes a field away. @throws UsageError */
export function patchIn(written: WrittenSettings): Schemas['EndpointPatch'] {
  const patch: Schemas['EndpointPatch'] = settingsIn(written);
  for (const field of NULLABLE) if (patch[field] === '') patch[field] = null;
  if (written.severity?.length === 1 && written.severity[0] === '') patch.severities = null;
  return patch;
}

/** `HOST:PORT`, an IPv6 address in brackets. @throws UsageError */
export function targetIn(written: string): { readonly host: string; readonly port: number } {
  const [, ipv6, name = '', port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(written) ?? [];
  if (port === undefined) {
    throw new UsageError(`${written}: write HOST:PORT, such as shop.example.com:443 or [2001:db8::1]:443`);
  }
  return { host: ipv6 ?? name, port: Number(port) };
}

/** The other way round. */
export const targetOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** `a,b` */
export const listIn = (written: string): string[] =>
  written
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** The same, of at least one. @throws UsageError */
export function someIn(option: string, written: string): string[] {
  const items = listIn(written);
  if (items.length > 0) return items;
  throw new UsageError(`${option}: it is empty: write some, such as a,b, or leave it out`);
}

function secondsIn(option: string, written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  if (!/^\d{1,6}$/.test(written))
    throw new UsageError(`${option} ${written}: write a whole number of seconds`);
  return Number(written);
}

function severitiesIn(written: readonly string[] | undefined): Settings['severities'] {
  if (written === undefined || written.every((one) => one === '')) return undefined;
  return Object.fromEntries(
    written.map((one) => {
      const [, kind = '', severity = ''] = /^(\w+)=(P[1-3])$/.exec(one) ?? [];
      if (severity === '')
        throw new UsageError(`--severity ${one}: write a kind and P1, P2 or P3, such as partial=P1`);
      if (!KINDS.some((known) => known === kind)) {
        const near = nearest(kind, KINDS);
        const remedy = near === null ? `kinds are ${KINDS.join(', ')}` : `did you mean ${near}?`;
        throw new UsageError(`--severity ${one}: there is no kind ${kind}: ${remedy}`);
      }
      return [kind, severity];
    }),
  );
}
