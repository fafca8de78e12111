import type { OutcomeName } from './advice-shape.ts';

interface Errno {
  readonly errno: string;
  /** The outcome it ends with where the network said so. */
  readonly outcome: OutcomeName;
  readonly means: string;
}

/**
 * The codes that an observation's `errno` has most often, as the runtime gives them. Sources: c-ares' names of the rcodes of
 * RFC 1035 section 4.1.1; linux net/ipv4/icmp.c icmp_err_convert[] and net/ipv6/icmp.c tab_unreach[].
 */
export const ERRNOS: readonly Errno[] = [
  { errno: 'ENOTFOUND', outcome: 'dns nxdomain', means: 'the resolver says that there is no such name' },
  {
    errno: 'ENODATA',
    outcome: 'dns no_answer',
    means: 'the name is there, without an address of this family',
  },
  { errno: 'ESERVFAIL', outcome: 'dns servfail', means: 'the resolver could not find out' },
  { errno: 'ETIMEOUT', outcome: 'dns timeout', means: 'the resolver did not answer' },
  {
    errno: 'EREFUSED',
    outcome: 'dns refused_by_resolver',
    means: 'the resolver refuses to serve the prober',
  },
  { errno: 'ENOTIMP', outcome: 'dns refused_by_resolver', means: 'the resolver does not do such queries' },
  { errno: 'EFORMERR', outcome: 'dns bad_response', means: 'the resolver did not understand the query' },
  { errno: 'EBADRESP', outcome: 'dns bad_response', means: 'the answer cannot be read' },
  { errno: 'EBADNAME', outcome: 'dns bad_response', means: 'the name cannot be asked for' },
  { errno: 'ECONNREFUSED', outcome: 'tcp refused', means: 'RST to the SYN, or ICMP port unreachable' },
  {
    errno: 'ENETUNREACH',
    outcome: 'tcp unreachable',
    means: 'ICMP net unreachable (ICMPv6: no route): a router has no way on',
  },
  {
    errno: 'EHOSTUNREACH',
    outcome: 'tcp unreachable',
    means:
      'ICMP host unreachable, on IPv4 admin-prohibited too: the last router finds nobody, or may not pass it on',
  },
  { errno: 'EHOSTDOWN', outcome: 'tcp unreachable', means: 'the host is known to be down' },
  {
    errno: 'EACCES',
    outcome: 'tcp prohibited',
    means: 'ICMPv6 admin-prohibited or policy failure: a firewall',
  },
  {
    errno: 'ENOPROTOOPT',
    outcome: 'tcp prohibited',
    means: 'ICMP protocol unreachable: a firewall that rejects so',
  },
  {
    errno: 'ETIMEDOUT',
    outcome: 'tcp timeout',
    means: 'the kernel gave up; mostly it is not waited for that long',
  },
  { errno: 'ECONNRESET', outcome: 'tcp reset', means: 'RST after the SYN-ACK; in `tls` and `http2` too' },
  {
    errno: 'EADDRNOTAVAIL',
    outcome: 'tcp local_error',
    means: 'no port, or no address of this family, left here',
  },
  { errno: 'EMFILE', outcome: 'tcp local_error', means: 'too many files open in the prober' },
  { errno: 'ENETDOWN', outcome: 'tcp local_error', means: 'the prober has no network' },
  { errno: 'EPERM', outcome: 'tcp local_error', means: 'a firewall of the prober itself' },
];
