import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode, RECURSION_AVAILABLE, RECURSION_DESIRED, type StringAnswer } from 'dns-packet';

/** How a name is answered: addresses, an rcode (RFC 1035 section 4.1.1), bytes that are no DNS, or not at all. */
export type DnsRecord =
  | { readonly a?: readonly string[]; readonly aaaa?: readonly string[] }
  | { readonly rcode: number }
  | 'garbage'
  | 'silent';

export interface DnsServer {
  /** `ADDRESS:PORT`. */
  readonly resolver: string;
  /** Names asked for, in order. */
  readonly asked: readonly string[];
  set(name: string, record: DnsRecord): void;
  close(): Promise<void>;
}

const NXDOMAIN = 3;

/** A name server, on loopback unless told otherwise, that knows the names it is told; any other is NXDOMAIN. */
export async function dnsServer(
  records: Readonly<Record<string, DnsRecord>> = {},
  address = '127.0.0.1',
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const known = new Map(Object.entries(records));
  const asked: string[] = [];
  socket.on('message', (message, peer) => {
    const query = decode(message);
    const question = query.questions?.[0];
    if (!question) return;
    asked.push(question.name);
    const record = known.get(question.name) ?? { rcode: NXDOMAIN };
    if (record === 'silent') return;
    if (record === 'garbage') {
      // Right number, a response, five answers promised, none readable.
      const header = Buffer.concat([message.subarray(0, 2), Buffer.from('818000010005', 'hex')]);
      socket.send(Buffer.concat([header, Buffer.alloc(24, 0xff)]), peer.port, peer.address);
      return;
    }
    const rcode = 'rcode' in record ? record.rcode : 0;
    const texts = 'rcode' in record ? [] : ((question.type === 'AAAA' ? record.aaaa : record.a) ?? []);
    const type = question.type === 'AAAA' ? 'AAAA' : 'A';
    const answers: StringAnswer[] = texts.map((data) => ({ type, name: question.name, ttl: 60, data }));
    const flags = RECURSION_DESIRED | RECURSION_AVAILABLE | rcode;
    const response = { type: 'response' as const, id: query.id ?? 0, flags, questions: [question], answers };
    socket.send(encode(response), peer.port, peer.address);
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  return {
    resolver: `${address}:${socket.address().port}`,
    asked,
    set: (name, record) => void known.set(name, record),
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}
