/** The rungs of the ladder, in the order they are climbed. */
export const STAGES = ['dns', 'tcp', 'tls', 'http2'] as const;
export type Stage = (typeof STAGES)[number];

/** How far an endpoint must be climbed to count as passing. */
export const HANDSHAKES = ['tcp', 'tls', 'http2'] as const;
export type Handshake = (typeof HANDSHAKES)[number];

/** What one observation says of the port. `blocked` is not here: it takes another region to say that. */
export const EVIDENCE = [
  'listening',
  'refused',
  'filtered',
  'interfered',
  'unresolved',
  'inconclusive',
] as const;
export type Evidence = (typeof EVIDENCE)[number];

interface Row {
  readonly stage: Stage;
  readonly outcome: string;
  /** The number in a packed round. Never reused, never changed. */
  readonly wire: number;
  readonly evidence: Evidence;
  /** The evidence instead, once the peer has sent at least one byte in this stage. */
  readonly evidenceAfterBytes?: Evidence;
  /** What was seen on the wire. */
  readonly seen: string;
  /** What it means. */
  readonly means: string;
}

/**
 * Every way a try can end, one row each; packing, verdict, alerts, OpenAPI and docs/outcomes.md are derived from it.
 * Sources: linux net/ipv4/icmp.c icmp_err_convert[] and net/ipv6/icmp.c tab_unreach[] for the tcp rows,
 * RFC 8446 section 6 for the alerts, RFC 9113 section 3.4 for SETTINGS.
 */
export const OUTCOMES = [
  {
    stage: 'dns',
    outcome: 'nxdomain',
    wire: 1,
    evidence: 'unresolved',
    seen: 'rcode 3 (NXDOMAIN)',
    means: 'the name does not exist',
  },
  {
    stage: 'dns',
    outcome: 'no_answer',
    wire: 2,
    evidence: 'unresolved',
    seen: 'rcode 0 without an address of the asked family',
    means: 'the name exists and has no address of this family',
  },
  {
    stage: 'dns',
    outcome: 'servfail',
    wire: 3,
    evidence: 'unresolved',
    seen: 'rcode 2 (SERVFAIL)',
    means: 'the resolver could not get an answer: name servers down, or DNSSEC broken',
  },
  {
    stage: 'dns',
    outcome: 'timeout',
    wire: 4,
    evidence: 'unresolved',
    seen: 'no reply to two queries of 2 s',
    means: 'the resolver, or the name servers behind it, stayed silent',
  },
  {
    stage: 'dns',
    outcome: 'refused_by_resolver',
    wire: 5,
    evidence: 'inconclusive',
    seen: 'rcode 5 (REFUSED)',
    means: 'this resolver does not serve us; it says nothing of the name',
  },
  {
    stage: 'dns',
    outcome: 'bad_response',
    wire: 6,
    evidence: 'inconclusive',
    seen: 'FORMERR or an answer that cannot be read',
    means: 'the resolver speaks broken DNS',
  },
  {
    stage: 'dns',
    outcome: 'resolver_unreachable',
    wire: 7,
    evidence: 'inconclusive',
    seen: 'ECONNREFUSED or ENETUNREACH from the resolver itself',
    means: 'nothing answers at the address of the resolver',
  },
  {
    stage: 'dns',
    outcome: 'unknown',
    wire: 31,
    evidence: 'inconclusive',
    seen: 'an error this table does not know; its code is kept',
    means: 'not understood: please report it',
  },
  {
    stage: 'tcp',
    outcome: 'refused',
    wire: 32,
    evidence: 'refused',
    seen: 'RST in answer to the SYN, or ICMP port unreachable',
    means: 'something answered that nothing listens there: the host, or a firewall that rejects',
  },
  {
    stage: 'tcp',
    outcome: 'timeout',
    wire: 33,
    evidence: 'filtered',
    seen: 'no answer to any SYN',
    means: 'dropped on the way, host gone, or accept queue full: silence cannot tell them apart',
  },
  {
    stage: 'tcp',
    outcome: 'unreachable',
    wire: 34,
    evidence: 'filtered',
    seen: 'ICMP net or host unreachable (on IPv4 also admin-prohibited)',
    means: 'a router on the way gives up, or says that it must not pass this on',
  },
  {
    stage: 'tcp',
    outcome: 'prohibited',
    wire: 35,
    evidence: 'filtered',
    seen: 'EACCES (ICMPv6 admin-prohibited) or ENOPROTOOPT',
    means: 'a firewall said no by ICMP',
  },
  {
    stage: 'tcp',
    outcome: 'reset',
    wire: 36,
    evidence: 'interfered',
    seen: 'SYN-ACK, then RST before the connection was handed over',
    means:
      'listening, and then reset at once: an overloaded server, a balancer without targets, or a middlebox',
  },
  {
    stage: 'tcp',
    outcome: 'address_forbidden',
    wire: 37,
    evidence: 'inconclusive',
    seen: 'nothing was sent: DNS gave no address but private, reserved or metadata ones',
    means: 'an address that is not globally reachable is never dialled; nothing is known of the port',
  },
  {
    stage: 'tcp',
    outcome: 'local_error',
    wire: 38,
    evidence: 'inconclusive',
    seen: 'connect() itself failed: no route, no port, no descriptor, no address of this family',
    means: "the prober's own trouble; it says nothing of the endpoint",
  },
  {
    stage: 'tcp',
    outcome: 'unknown',
    wire: 63,
    evidence: 'inconclusive',
    seen: 'an error this table does not know; its code is kept',
    means: 'not understood: please report it',
  },
  {
    stage: 'tls',
    outcome: 'reset',
    wire: 64,
    evidence: 'interfered',
    seen: 'RST during the handshake',
    means:
      'listening; something reset the handshake: a filter on the server name, a proxy, or a server that wants a PROXY header',
  },
  {
    stage: 'tls',
    outcome: 'closed',
    wire: 65,
    evidence: 'interfered',
    evidenceAfterBytes: 'listening',
    seen: 'FIN during the handshake',
    means: 'listening; closed before TLS was established: by a proxy, or by a service that speaks no TLS',
  },
  {
    stage: 'tls',
    outcome: 'timeout',
    wire: 66,
    evidence: 'interfered',
    evidenceAfterBytes: 'listening',
    seen: 'no further byte for 5 s',
    means:
      'listening; silent after the ClientHello: dropped on the way, too large a packet, a stopped server, or a service that speaks no TLS',
  },
  {
    stage: 'tls',
    outcome: 'tls_alert',
    wire: 67,
    evidence: 'listening',
    seen: 'a fatal TLS alert; the reason names it',
    means: 'a TLS server is listening and says no',
  },
  {
    stage: 'tls',
    outcome: 'not_tls',
    wire: 68,
    evidence: 'listening',
    seen: 'bytes that are not a TLS record',
    means: 'something else than TLS is listening, or plain text was injected',
  },
  {
    stage: 'tls',
    outcome: 'bad_certificate',
    wire: 69,
    evidence: 'listening',
    seen: 'a finished handshake whose certificate does not verify; the reason says why',
    means: 'listening; the certificate is expired, for another name, or from an unknown authority',
  },
  {
    stage: 'tls',
    outcome: 'protocol_error',
    wire: 70,
    evidence: 'listening',
    seen: 'TLS records that break the protocol or no common version; the reason names it',
    means: 'a TLS server is listening and no common ground was found',
  },
  {
    stage: 'tls',
    outcome: 'local_error',
    wire: 71,
    evidence: 'inconclusive',
    seen: 'out of memory or descriptors on our side',
    means: "the prober's own trouble; it says nothing of the endpoint",
  },
  {
    stage: 'tls',
    outcome: 'unknown',
    wire: 95,
    evidence: 'listening',
    seen: 'an error this table does not know; its code is kept',
    means: 'listening; the handshake ended in a way not understood: please report it',
  },
  {
    stage: 'http2',
    outcome: 'alpn_mismatch',
    wire: 96,
    evidence: 'listening',
    seen: 'TLS established and ALPN did not choose h2; the reason is what it chose',
    means: 'listening with TLS; HTTP/2 is not offered here',
  },
  {
    stage: 'http2',
    outcome: 'settings_timeout',
    wire: 97,
    evidence: 'listening',
    seen: 'no SETTINGS, or no acknowledgement of ours, for 3 s',
    means: 'listening with TLS; whatever speaks HTTP/2 behind it is stuck',
  },
  {
    stage: 'http2',
    outcome: 'goaway',
    wire: 98,
    evidence: 'listening',
    seen: 'GOAWAY with an error; the reason names it',
    means: 'an HTTP/2 server is listening and refuses to serve',
  },
  {
    stage: 'http2',
    outcome: 'protocol_error',
    wire: 99,
    evidence: 'listening',
    seen: 'bytes that are not HTTP/2 frames, or GOAWAY before SETTINGS',
    means: 'h2 was agreed on and something else is spoken',
  },
  {
    stage: 'http2',
    outcome: 'closed',
    wire: 100,
    evidence: 'listening',
    seen: 'FIN after our preface',
    means: 'listening with TLS; closed before HTTP/2 was established',
  },
  {
    stage: 'http2',
    outcome: 'reset',
    wire: 101,
    evidence: 'listening',
    seen: 'RST after our preface',
    means: 'listening with TLS; reset before HTTP/2 was established',
  },
  {
    stage: 'http2',
    outcome: 'local_error',
    wire: 102,
    evidence: 'inconclusive',
    seen: 'out of memory or descriptors on our side',
    means: "the prober's own trouble; it says nothing of the endpoint",
  },
  {
    stage: 'http2',
    outcome: 'unknown',
    wire: 127,
    evidence: 'listening',
    seen: 'an error this table does not know; its code is kept',
    means: 'listening with TLS; HTTP/2 ended in a way not understood: please report it',
  },
] as const satisfies readonly Row[];

export type OutcomeRow = (typeof OUTCOMES)[number];

/** The outcomes that a stage can fail with: `OutcomeOf<'dns'>` is `'nxdomain' | 'no_answer' | …`. */
export type OutcomeOf<S extends Stage> = Extract<OutcomeRow, { stage: S }>['outcome'];

/** The wire number of a passing try, by the rung it reached. */
export const WIRE_OK: Readonly<Record<Handshake, number>> = { tcp: 128, tls: 129, http2: 130 };

const byName = new Map<string, Row>(OUTCOMES.map((row) => [`${row.stage} ${row.outcome}`, row]));

/** @throws when the table has no such row: a bug, never a matter of input. */
export function outcomeRow(stage: Stage, outcome: string): Row {
  const row = byName.get(`${stage} ${outcome}`);
  if (!row) throw new Error(`no outcome "${outcome}" in stage ${stage}`, { cause: { stage, outcome } });
  return row;
}

/** What a failing try says of the port, given how many bytes the peer sent in the failing stage. */
export function evidenceOf(stage: Stage, outcome: string, bytesReceived: number): Evidence {
  const row = outcomeRow(stage, outcome);
  return bytesReceived > 0 ? (row.evidenceAfterBytes ?? row.evidence) : row.evidence;
}
