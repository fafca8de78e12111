import { isForbidden, isMetadata } from './address.ts';
import type { EndpointSettings } from './endpoint.ts';
import { type FieldError, fieldErrors, MAX_ERRORS } from './field-error.ts';
import { type Host, isLocalhost, parseHost } from './host.ts';
import { type EndpointInput, endpointInput } from './schema.ts';
import { KINDS } from './severity.ts';

/** What the deployment allows. */
export interface EndpointContext {
  readonly id: string;
  /** Regions an endpoint may name, in the deployment's order. */
  readonly regions: readonly string[];
  /** Whether any region can probe over IPv6. */
  readonly ipv6: boolean;
  readonly allowPrivateAddresses: boolean;
}

export type ParsedEndpoint =
  | { readonly settings: EndpointSettings }
  | { readonly errors: readonly FieldError[] };

/** Lambda drops outgoing packets to this port; see "Lambda quotas" in AWS's documentation. */
const BLOCKED_PORT = 25;
const PORT_BLOCKED = 'port must not be 25: AWS Lambda cannot connect to it; watch 465 or 587 instead';

/** What may contradict the deployment or each other. */
type Judged = Partial<Pick<EndpointInput, 'host' | 'port' | 'addressFamily' | 'regions'>>;

/**
 * Reads what a user says of an endpoint and fills in every default. Nothing but values of the documented shape gets
 * through: unknown fields, null and contradictions are errors, all told at once, each naming its field and the remedy.
 */
export function parseEndpoint(input: unknown, context: EndpointContext): ParsedEndpoint {
  const parsed = endpointInput.safeParse(input);
  if (!parsed.success) {
    const known = Object.keys(endpointInput.shape);
    const errors = fieldErrors(parsed.error, known, { severities: KINDS });
    return { errors: [...errors, ...contradictions(rightFields(input), context)].slice(0, MAX_ERRORS) };
  }
  const host = parseHost(parsed.data.host);
  if ('error' in host) return { errors: [{ pointer: '#/host', message: `host ${host.error}` }] };
  const errors = contradictions(parsed.data, context);
  if (errors.length > 0) return { errors };
  return { settings: settingsOf(parsed.data, host, context) };
}

/** The fields that are right by themselves, so that one that is not hides no contradiction of theirs. */
function rightFields(input: unknown): Judged {
  const given = new Map(typeof input === 'object' && input !== null ? Object.entries(input) : []);
  const { host, port, addressFamily, regions } = endpointInput.shape;
  return {
    host: host.safeParse(given.get('host')).data,
    port: port.safeParse(given.get('port')).data,
    addressFamily: addressFamily.safeParse(given.get('addressFamily')).data,
    regions: regions.safeParse(given.get('regions')).data,
  };
}

function contradictions(
  { host: written, port, addressFamily, regions }: Judged,
  context: EndpointContext,
): FieldError[] {
  const host = written === undefined ? null : parseHost(written);
  return [
    ...(host !== null && 'kind' in host ? hostErrors(addressFamily, host, context) : []),
    ...(port === BLOCKED_PORT ? [{ pointer: '#/port', message: PORT_BLOCKED }] : []),
    ...regionErrors(regions ?? 'all', context),
  ];
}

/** What `addressFamily` and `serverName` are when they are not given. */
export function hostDefaults({ kind, host }: Host): Pick<EndpointSettings, 'addressFamily' | 'serverName'> {
  return kind === 'name' ? { addressFamily: 'ipv4', serverName: host } : { addressFamily: kind };
}

function hostErrors(
  addressFamily: EndpointInput['addressFamily'],
  { kind, host }: Host,
  context: EndpointContext,
): FieldError[] {
  const errors: FieldError[] = [];
  const say = (field: string, message: string) =>
    errors.push({ pointer: `#/${field}`, message: `${field} ${message}` });
  const { allowPrivateAddresses, ipv6 } = context;
  const family = addressFamily ?? (kind === 'ipv6' ? 'ipv6' : 'ipv4');
  if (kind !== 'name' && family !== kind) say('addressFamily', `must be ${kind} for this host, or left out`);
  else if (family === 'ipv6' && !ipv6) {
    const field = kind === 'ipv6' ? 'host' : 'addressFamily';
    say(
      field,
      'asks for IPv6, and no region of this deployment has it: use an IPv4 address or a name with one',
    );
  }
  if (!allowPrivateAddresses && (kind === 'name' ? isLocalhost(host) : isForbidden(host))) {
    say('host', 'is a private or reserved address: it must be reachable from the internet');
  } else if (kind !== 'name' && isMetadata(host)) {
    say('host', 'is the address of a metadata service, which is never dialled: watch something else');
  }
  return errors;
}

export function regionErrors(
  regions: EndpointInput['regions'],
  context: Pick<EndpointContext, 'regions'>,
): FieldError[] {
  if (regions === 'all') return [];
  return regions.flatMap((region, index) => {
    if (context.regions.includes(region)) return [];
    const message = `regions must be "all" or some of ${context.regions.join(', ')}; ${quoted(region)} is not one of them`;
    return [{ pointer: `#/regions/${index}`, message }];
  });
}

const quoted = (text: string): string => JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);

function settingsOf(input: EndpointInput, host: Host, context: EndpointContext): EndpointSettings {
  const { regions, team, runbookUrl, severities } = input;
  const defaults = hostDefaults(host);
  const serverName = input.serverName === undefined ? defaults.serverName : asciiName(input.serverName);
  return {
    host: host.host,
    port: input.port,
    handshake: input.handshake,
    name: input.name ?? context.id,
    intervalSeconds: input.intervalSeconds,
    alertAfterSeconds: input.alertAfterSeconds,
    regions: regions === 'all' ? regions : context.regions.filter((region) => regions.includes(region)),
    addressFamily: input.addressFamily ?? defaults.addressFamily,
    ...(serverName === undefined ? {} : { serverName }),
    certificate: input.certificate,
    tags: [...new Set(input.tags)],
    enabled: input.enabled,
    ...(team === undefined ? {} : { team }),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
    ...(severities === undefined || Object.keys(severities).length === 0 ? {} : { severities }),
  };
}

function asciiName(text: string): string {
  const parsed = parseHost(text);
  if ('error' in parsed) throw new Error(`serverName ${parsed.error}`, { cause: { serverName: text } });
  return parsed.host;
}
