const A = 1;
const CNAME = 5;
const TXT = 16;
/** QR, AA, RD, RA (RFC 1035 section 4.1.1). */
const RESPONSE = 0x8580;
const TRUNCATED = 0x0200;
const FLAGS_AT = 2;
const ANSWERS_AT = 6;
export const QUESTION_AT = 12;
/** A pointer to the name asked for. */
const ASKED = Buffer.from([0xc0, QUESTION_AT]);

/** What a hostile answer is made from. */
export interface Query {
  readonly id: number;
  readonly name: string;
  /** The question section as it was sent. */
  readonly question: Buffer;
}

export const nameBytes = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.alloc(1),
  ]);

function resource(owner: Buffer, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(60, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
}

function answer(query: Pick<Query, 'id' | 'question'>, records: readonly Buffer[], flags = RESPONSE): Buffer {
  const header = Buffer.alloc(QUESTION_AT);
  header.writeUInt16BE(query.id, 0);
  header.writeUInt16BE(flags, FLAGS_AT);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, ANSWERS_AT);
  return Buffer.concat([header, query.question, ...records]);
}

const address = (n: number): Buffer => Buffer.from([127, 2, n >> 8, n & 255]);
const one = resource(ASKED, A, address(1));
const question = (name: string, type = A): Buffer =>
  Buffer.concat([nameBytes(name), Buffer.from([0, type, 0, 1])]);

/** One way a resolver can do harm, by the first label of the name. */
export interface HostileAnswer {
  readonly name: string;
  readonly udp: (query: Query) => readonly Buffer[];
  /** Over TCP, without the length in front; a number: so many bytes are claimed. */
  readonly tcp?: (query: Query) => readonly Buffer[];
  /** Over TCP byte by byte. */
  readonly trickles?: true;
  /** Answers forever. */
  readonly floods?: true;
  readonly expect:
    | { readonly ok: true; readonly addresses: number }
    | { readonly ok: false; readonly outcome: string };
}

const truncated = (query: Query): readonly Buffer[] => [answer(query, [], RESPONSE | TRUNCATED)];
const thousand = Array.from({ length: 1000 }, (_, n) => resource(ASKED, A, address(n)));
const alias = (from: string, to: string): Buffer => resource(nameBytes(from), CNAME, nameBytes(to));
const failed = (outcome: string) => ({ ok: false, outcome }) as const;
const found = (addresses: number) => ({ ok: true, addresses }) as const;

export const HOSTILE_ANSWERS: readonly HostileAnswer[] = [
  { name: 'thousand-udp', udp: (query) => [answer(query, thousand)], expect: found(1000) },
  { name: 'thousand-tcp', udp: truncated, tcp: (query) => [answer(query, thousand)], expect: found(1000) },
  { name: 'truncated-everywhere', udp: truncated, tcp: truncated, expect: failed('no_answer') },
  { name: 'tcp-silent', udp: truncated, tcp: () => [], expect: failed('timeout') },
  {
    name: 'tcp-trickles',
    udp: truncated,
    tcp: (query) => [answer(query, thousand)],
    trickles: true,
    expect: failed('timeout'),
  },
  {
    name: 'alias-of-itself',
    udp: (query) => [answer(query, [alias(query.name, query.name)])],
    expect: failed('no_answer'),
  },
  {
    name: 'alias-loop',
    udp: (query) => [answer(query, [alias(query.name, 'b.test'), alias('b.test', query.name)])],
    expect: failed('no_answer'),
  },
  {
    name: 'alias-chain',
    udp: truncated,
    tcp: (query) => [
      answer(query, [
        alias(query.name, '0.test'),
        ...Array.from({ length: 1000 }, (_, n) => alias(`${n}.test`, `${n + 1}.test`)),
        resource(nameBytes('1000.test'), A, address(1)),
      ]),
    ],
    expect: found(1),
  },
  {
    name: 'pointer-to-itself',
    udp: (query) => {
      const loop = QUESTION_AT + query.question.length;
      return [answer(query, [resource(Buffer.from([0xc0 | (loop >> 8), loop & 255]), A, address(1))])];
    },
    expect: failed('bad_response'),
  },
  {
    name: 'pointers-in-a-ring',
    udp: (query) => {
      const at = QUESTION_AT + query.question.length;
      const to = (n: number): Buffer => Buffer.from([0xc0 | (n >> 8), n & 255]);
      const first = resource(to(at + 12 + 4), CNAME, to(at + 12));
      return [answer(query, [first, resource(to(at), CNAME, to(at))])];
    },
    expect: failed('bad_response'),
  },
  {
    name: 'wrong-id',
    udp: (query) => [answer({ ...query, id: query.id ^ 1 }, [one])],
    expect: failed('timeout'),
  },
  {
    name: 'wrong-question',
    udp: (query) => [answer({ ...query, question: question('other.test') }, [one])],
    expect: failed('timeout'),
  },
  {
    name: 'no-question',
    udp: (query) => [Buffer.concat([answer(query, []).subarray(0, 4), Buffer.alloc(8)])],
    expect: failed('bad_response'),
  },
  {
    name: 'cut-short',
    udp: (query) => [answer(query, [one]).subarray(0, -3)],
    expect: failed('bad_response'),
  },
  {
    name: 'header-only',
    udp: (query) => [answer(query, [one]).subarray(0, 7)],
    expect: failed('bad_response'),
  },
  { name: 'empty', udp: () => [Buffer.alloc(0)], expect: failed('timeout') },
  {
    name: 'text-instead',
    udp: (query) => [answer(query, [resource(ASKED, TXT, Buffer.from('\x03abc'))])],
    expect: failed('no_answer'),
  },
  // c-ares takes addresses whatever name they are for: a resolver is believed.
  {
    name: 'for-another-name',
    udp: (query) => [answer(query, [resource(nameBytes('other.test'), A, address(1))])],
    expect: found(1),
  },
  {
    name: 'short-address',
    udp: (query) => [answer(query, [resource(ASKED, A, Buffer.from([127, 2, 0]))])],
    expect: failed('bad_response'),
  },
  {
    name: 'sixty-thousand-promised',
    udp: (query) => {
      const bytes = answer(query, [one]);
      bytes.writeUInt16BE(60_000, ANSWERS_AT);
      return [bytes];
    },
    expect: failed('bad_response'),
  },
  {
    name: 'huge',
    udp: (query) => [Buffer.concat([answer(query, [one]), Buffer.alloc(60_000)])],
    expect: found(1),
  },
  {
    name: 'udp-floods',
    udp: (query) => [answer({ ...query, id: query.id ^ 1 }, thousand.slice(0, 80))],
    floods: true,
    expect: failed('timeout'),
  },
];
