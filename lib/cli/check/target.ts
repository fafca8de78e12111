import { isIPv6 } from 'node:net';
import type { CheckTarget } from '../../endpoint/check.ts';
import { parseHost } from '../../endpoint/host.ts';
import { hostDefaults } from '../../endpoint/parse.ts';
import { ID_PATTERN } from '../../endpoint/schema.ts';
import { UsageError } from '../../local/usage-error.ts';
import type { Handshake } from '../../outcome/outcome.ts';

/** What is said of a target besides its host and port. */
export interface WrittenTarget {
  readonly handshake?: Handshake;
  readonly addressFamily?: CheckTarget['addressFamily'];
  readonly serverName?: string;
  readonly certificate?: CheckTarget['certificate'];
}

/** Ports whose first bytes are TLS (IANA's registry of service names), and those that are so by custom. */
const TLS_PORTS: ReadonlySet<number> = new Set([
  ...[443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 3269, 5061, 5671, 6514, 6697, 8883],
  ...[6443, 8443, 9443],
]);

const SUCH_AS = 'such as shop.example.com:443 or [2001:db8::1]:443';

/** `HOST:PORT` and what is said of it, as a try goes by it. @throws UsageError */
export function targetIn(text: string, written: WrittenTarget): CheckTarget {
  const { host: name, port } = hostAndPort(text);
  const host = parseHost(name);
  if ('error' in host) throw new UsageError(`${text}: host ${host.error}`);
  const defaults = hostDefaults(host);
  const { addressFamily = defaults.addressFamily, certificate = 'verify' } = written;
  if (host.kind !== 'name' && host.kind !== addressFamily) {
    throw new UsageError(`--address-family ${addressFamily}: ${text} is of the other one; leave it out`);
  }
  const serverName = written.serverName ?? defaults.serverName;
  if (written.serverName !== undefined) {
    const parsed = parseHost(written.serverName);
    if ('error' in parsed) throw new UsageError(`--server-name ${written.serverName}: ${parsed.error}`);
    if (parsed.kind !== 'name') {
      throw new UsageError(`--server-name ${written.serverName}: must be a name, not an address`);
    }
  }
  return {
    host: host.host,
    port,
    handshake: written.handshake ?? (TLS_PORTS.has(port) ? 'tls' : 'tcp'),
    addressFamily,
    ...(serverName === undefined ? {} : { serverName }),
    certificate,
  };
}

/** The id of an endpoint is written without a port; a name that could be looked up has a dot. */
export const isEndpointId = (text: string): boolean => ID_PATTERN.test(text);

function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  if (text.includes('://')) {
    throw new UsageError(`${text}: write HOST:PORT, without a scheme and a path, ${SUCH_AS}`);
  }
  if (isIPv6(text)) {
    throw new UsageError(`${text}: write an IPv6 address in brackets, with a port: [${text}]:443`);
  }
  const [, bracketed, plain, digits] = /^(?:\[([^[\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || (bracketed !== undefined && !isIPv6(bracketed))) {
    throw new UsageError(`${text}: write HOST:PORT, ${SUCH_AS}`);
  }
  if (port < 1 || port > 65_535) throw new UsageError(`${text}: the port must be 1 to 65535`);
  return { host, port };
}
