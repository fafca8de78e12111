import { type Advice, both, type OutcomeName } from './advice-shape.ts';
import { DNSSEC, EACH_SERVER, GEO_RECORD, NAME_SERVER_FIREWALL, OTHER_VIEW, STALE } from './lines.ts';

/** What to do when the name does not resolve. */
export const DNS_ADVICE: Readonly<Record<Extract<OutcomeName, `dns ${string}`>, Advice>> = {
  'dns nxdomain': {
    some: [EACH_SERVER, STALE, GEO_RECORD, OTHER_VIEW],
    everywhere: [
      'Record deleted or renamed? dig {host}; dig +trace {host}',
      'Domain expired, or delegated elsewhere? whois DOMAIN; dig NS DOMAIN',
      EACH_SERVER,
    ],
  },
  'dns no_answer': {
    some: [GEO_RECORD, EACH_SERVER, STALE],
    everywhere: [
      'Record of the other family only? dig {host} A; dig {host} AAAA',
      'CNAME to a name without addresses? dig +trace {host}',
      GEO_RECORD,
    ],
  },
  'dns servfail': {
    some: [EACH_SERVER, DNSSEC, STALE],
    everywhere: [
      DNSSEC,
      'Name servers down or lame? dig +trace {host}; dig +nssearch DOMAIN',
      'Keys or DS record changed just now? dig DS DOMAIN; dig DNSKEY DOMAIN',
    ],
  },
  'dns timeout': {
    some: [
      'Name servers that limit or block AWS resolvers? Their log and rate limits; dig +nssearch DOMAIN',
      EACH_SERVER,
      NAME_SERVER_FIREWALL,
    ],
    everywhere: [
      'Name servers silent? dig +trace {host}; dig +nssearch DOMAIN',
      'DNS provider in trouble? Its status page; dig {host} @NAMESERVER',
      NAME_SERVER_FIREWALL,
    ],
  },
  'dns refused_by_resolver': both(
    'Does the resolver serve the prober? dig {host} @RESOLVER, from its network',
  ),
  'dns bad_response': both('What does the resolver send? dig +qr {host} @RESOLVER'),
  'dns resolver_unreachable': both(
    'Is the resolver of that region up? dig {host} @RESOLVER, from its network',
  ),
  'dns unknown': both('Not understood: please report it with its errno; meanwhile: dig +qr {host}'),
};
