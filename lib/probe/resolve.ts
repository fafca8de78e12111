import { promises as dns } from 'node:dns';
import { canonicalAddress } from '../endpoint/address.ts';
import type { OutcomeOf } from '../outcome/outcome.ts';
import { deadline, now } from './clock.ts';
import { DNS_QUERY_MS, DNS_TRIES } from './limits.ts';

export interface DnsFailure {
  readonly ok: false;
  readonly outcome: OutcomeOf<'dns'>;
  readonly errno: string | null;
}

export interface DnsAnswer {
  readonly ok: true;
  /** Canonical, sorted, each once; never empty. */
  readonly addresses: readonly [string, ...string[]];
  /** Absent for literals: nothing was asked. */
  readonly dnsMs?: number;
}

/** What an error of a c-ares query means; Node's names for the rcodes of RFC 1035 section 4.1.1. */
export function dnsOutcome(code: string | undefined): OutcomeOf<'dns'> {
  switch (code) {
    case 'ENOTFOUND':
      return 'nxdomain';
    case 'ENODATA':
      return 'no_answer';
    case 'ESERVFAIL':
      return 'servfail';
    case 'ETIMEOUT':
      return 'timeout';
    case 'EREFUSED':
    case 'ENOTIMP':
      return 'refused_by_resolver';
    case 'EFORMERR':
    case 'EBADRESP':
    case 'EBADNAME':
      return 'bad_response';
    case 'ECONNREFUSED':
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return 'resolver_unreachable';
    default:
      return 'unknown';
  }
}

/** Sorts as text, so that all regions see the same order, and drops what is there twice. */
function inOrder(texts: readonly string[]): readonly string[] {
  const canonical = texts.map((text) => canonicalAddress(text)).filter((address) => address !== null);
  return [...new Set(canonical)].sort((a, b) => (a < b ? -1 : 1));
}

/** The answer, begun at another place each time: all regions that share a rotation try the same address. */
export function rotated(addresses: readonly string[], rotation: number): readonly string[] {
  const first = Math.abs(Math.trunc(rotation)) % Math.max(1, addresses.length);
  return [...addresses.slice(first), ...addresses.slice(0, first)];
}

/** Asks one resolver, for the time of one group of tries. */
export class Names {
  readonly #servers: readonly string[] | null;
  readonly #asking = new Set<dns.Resolver>();

  /** @param resolver `ADDRESS:PORT`; null: the system's. */
  constructor(resolver: string | null) {
    this.#servers = resolver === null ? null : [resolver];
  }

  /** The addresses of one family of a name; a literal is its own answer. Never rejects. */
  lookUp(
    host: string,
    family: 'ipv4' | 'ipv6',
    withinMs: number = DNS_TRIES * DNS_QUERY_MS,
  ): Promise<DnsAnswer | DnsFailure> {
    const literal = canonicalAddress(host);
    if (literal !== null) return Promise.resolve({ ok: true, addresses: [literal] });
    // One a name: c-ares would shorten the timeout of a slow name after quick answers to others, and one answer that cannot
    // be read would fail all that share its socket.
    const resolver = new dns.Resolver({ timeout: DNS_QUERY_MS, maxTimeout: DNS_QUERY_MS, tries: DNS_TRIES });
    if (this.#servers) resolver.setServers(this.#servers);
    this.#asking.add(resolver);
    return new Promise((resolve) => {
      const from = now();
      const finish = (result: DnsAnswer | DnsFailure): void => {
        cancel();
        this.#asking.delete(resolver);
        resolver.cancel();
        resolve(result);
      };
      // The timers of c-ares run up to a second late.
      const cancel = deadline(withinMs, () => finish({ ok: false, outcome: 'timeout', errno: 'ETIMEOUT' }));
      const query = family === 'ipv4' ? resolver.resolve4(host) : resolver.resolve6(host);
      query.then(
        (texts) => {
          const dnsMs = now() - from;
          const [first, ...others] = inOrder(texts);
          if (first === undefined) finish({ ok: false, outcome: 'no_answer', errno: null });
          else finish({ ok: true, addresses: [first, ...others], dnsMs });
        },
        (error: NodeJS.ErrnoException) =>
          finish({ ok: false, outcome: dnsOutcome(error.code), errno: error.code ?? null }),
      );
    });
  }

  /** Ends what is still under way. */
  close(): void {
    for (const resolver of this.#asking) resolver.cancel();
  }
}
