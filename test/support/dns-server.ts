import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode, RECURSION_AVAILABLE, RECURSION_DESIRED, type StringAnswer } from 'dns-packet';

/**
 * How a name is answered: addresses, the name it is an alias of, one answer after the other and again from the first, an rcode
 * (RFC 1035 section 4.1.1), as `ADDRESS:PORT` answers it, bytes that are no DNS, or not at all.
 */
export type DnsRecord =
  | { readonly a?: readonly string[]; readonly aaaa?: readonly string[] }
  | { readonly cname: string }
  | { readonly inTurn: readonly DnsRecord[] }
  | { readonly rcode: number }
  | { readonly relay: string }
  | 'garbage'
  | 'silent';

export interface DnsServer {
  /** `ADDRESS:PORT`. */
  readonly resolver: string;
  /** Names asked for, in order. */
  readonly asked: readonly string[];
  /** Types of records asked for: `A`, `AAAA`, … */
  readonly types: ReadonlySet<string>;
  set(name: string, record: DnsRecord): void;
  /** Answers for every name alike; null: as it was told for each. */
  answerAll(record: DnsRecord | null): void;
  close(): Promise<void>;
}

const NXDOMAIN = 3;
const RELAY_MS = 5000;

/** A name server, on loopback unless told otherwise, that knows the names it is told; any other is NXDOMAIN. */
export async function dnsServer(
  records: Readonly<Record<string, DnsRecord>> = {},
  address = '127.0.0.1',
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const known = new Map(Object.entries(records));
  const asked: string[] = [];
  let forAll: DnsRecord | null = null;
  let closed = false;
  const types = new Set<string>();
  const turns = new Map<string, number>();
  const recordOf = (name: string): DnsRecord => {
    const record = forAll ?? known.get(name) ?? { rcode: NXDOMAIN };
    if (typeof record === 'string' || !('inTurn' in record)) return record;
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    return record.inTurn[turn % record.inTurn.length] ?? { rcode: NXDOMAIN };
  };
  socket.on('message', (message, peer) => {
    const query = decode(message);
    const question = query.questions?.[0];
    if (!question) return;
    asked.push(question.name);
    types.add(question.type);
    const record = recordOf(question.name);
    if (record === 'silent') return;
    if (record === 'garbage') {
      // Right number, a response, five answers promised, none readable.
      const header = Buffer.concat([message.subarray(0, 2), Buffer.from('818000010005', 'hex')]);
      socket.send(Buffer.concat([header, Buffer.alloc(24, 0xff)]), peer.port, peer.address);
      return;
    }
    if ('relay' in record) {
      relay(message, record.relay, (answer) => {
        if (!closed) socket.send(answer, peer.port, peer.address);
      });
      return;
    }
    const rcode = 'rcode' in record ? record.rcode : 0;
    const answers = answersOf(question.name, question.type === 'AAAA' ? 'AAAA' : 'A', record, recordOf);
    const flags = RECURSION_DESIRED | RECURSION_AVAILABLE | rcode;
    const response = { type: 'response' as const, id: query.id ?? 0, flags, questions: [question], answers };
    socket.send(encode(response), peer.port, peer.address);
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  return {
    resolver: `${address}:${socket.address().port}`,
    asked,
    types,
    set: (name, record) => void known.set(name, record),
    answerAll: (record) => {
      forAll = record;
    },
    async close() {
      closed = true;
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** The addresses of a name, behind its aliases if it has any. */
function answersOf(
  name: string,
  type: 'A' | 'AAAA',
  record: DnsRecord,
  recordOf: (name: string) => DnsRecord,
): StringAnswer[] {
  if (typeof record === 'string') return [];
  if ('cname' in record) {
    const alias: StringAnswer = { type: 'CNAME', name, ttl: 0, data: record.cname };
    return [alias, ...answersOf(record.cname, type, recordOf(record.cname), recordOf)];
  }
  if (!('a' in record || 'aaaa' in record)) return [];
  return ((type === 'AAAA' ? record.aaaa : record.a) ?? []).map((data) => ({ type, name, ttl: 0, data }));
}

/** Asks another server the same question, once, for as long as anybody waits. */
function relay(message: Buffer, server: string, then: (answer: Buffer) => void): void {
  const [address, port] = server.split(':');
  const onward = createSocket('udp4');
  const close = setTimeout(() => onward.close(), RELAY_MS);
  onward.on('error', () => {});
  onward.once('message', (answer) => {
    clearTimeout(close);
    onward.close();
    then(answer);
  });
  onward.send(message, Number(port), address);
}
