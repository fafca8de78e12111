import { ERRNOS } from './errnos.ts';
import { code, table } from './markdown.ts';
import { REASONS } from './reasons.ts';

/** What came back, what that proves, and what it leaves open. */
const SILENCE_AND_REFUSAL = [
  [
    'SYN-ACK',
    'packets go both ways, and something listens',
    'whether it is the server: a proxy or balancer answers in its place',
  ],
  [
    'RST to the SYN (`tcp refused`)',
    'packets go both ways; nothing listens for this prober',
    'whether the host says so, or a firewall in its name',
  ],
  [
    'an ICMP error (`tcp unreachable`, `prohibited`)',
    'a router or firewall on the way speaks, and what it says comes back',
    'what is behind it',
  ],
  [
    'nothing (`tcp timeout`)',
    'nothing at all: three SYNs in 4.5 s had no answer',
    'SYN or SYN-ACK dropped on the way, host gone, or accept queue full; another region that gets through at the same address tells',
  ],
  [
    'SYN-ACK, then RST, FIN or silence before a byte of TLS',
    'the port listens (`interfered`)',
    'whether the server cuts it off or something on the way: a filter by server name lets the SYN through',
  ],
  [
    'a byte in the stage, then a failure',
    'it was answered (`listening`)',
    'whether by the server, or by something in its place: compare the certificate',
  ],
  [
    'no answer from DNS (`dns timeout`, `servfail`)',
    'nothing of the name unless a control name resolves',
    'whether the name servers are down or the resolver is: the control name tells',
  ],
];

/** What an observation says beside its outcome: silence against refusal, reasons, errors. */
export function wordsLines(): string[] {
  return [
    '## What silence and refusal say',
    '',
    ...table(['what came back', 'what it proves', 'what it leaves open'], SILENCE_AND_REFUSAL),
    '',
    '## Reasons',
    '',
    '`reason` says more than the outcome where more is known; else it is null.',
    '',
    ...REASONS.flatMap(({ title, about, words }) => [
      `### ${title}`,
      '',
      about,
      '',
      ...table(
        ['reason', 'meaning'],
        Object.entries(words).map(([word, means]) => [code(word), means]),
      ),
      '',
    ]),
    '## Errors',
    '',
    "`errno` is the code that the prober's system, its DNS library or OpenSSL gave, as it was; null where silence or bytes told, and no",
    'error did. `CERT_…`, `UNABLE_TO_…` and `ERR_SSL_…` are what the reason was made of. The most frequent others:',
    '',
    ...table(
      ['errno', 'outcome', 'meaning'],
      ERRNOS.map(({ errno, outcome, means }) => [code(errno), code(outcome), means]),
    ),
    '',
    'The same codes from `connect()` itself, before a packet can have been answered, are `tcp local_error`: a route that the prober',
    'lacks is its own trouble.',
    '',
  ];
}
