import { createSocket, type Socket } from 'node:dgram';
import { getServers } from 'node:dns';
import { once } from 'node:events';
import { type DecodedPacket, decode, encode, RECURSION_AVAILABLE, RECURSION_DESIRED } from 'dns-packet';

/** rcode 3, RFC 1035 section 4.1.1: the name does not exist. */
const NXDOMAIN = 3;

export interface DemoResolver {
  /** `ADDRESS:PORT`. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * A resolver on loopback that knows the names of the demo and passes every other question on.
 * @param addresses name to IPv4 address; @param upstream `ADDRESS:PORT`, null: the system's first resolver.
 */
export async function startResolver(
  addresses: Readonly<Record<string, string>>,
  upstream: string | null,
): Promise<DemoResolver> {
  const socket = createSocket('udp4');
  const asking = new Set<Socket>();
  socket.on('message', (question, from) => {
    const reply = (answer: Buffer): void => socket.send(answer, from.port, from.address);
    let query: DecodedPacket;
    try {
      query = decode(question);
    } catch {
      // Not a question: a resolver answers nothing to it.
      return;
    }
    const asked = query.questions?.[0];
    if (!asked?.name.toLowerCase().endsWith('.demo')) {
      passOn(question, upstream ?? getServers()[0] ?? '127.0.0.1', reply, asking);
      return;
    }
    const address = addresses[asked.name.toLowerCase()];
    reply(
      encode({
        type: 'response',
        id: query.id ?? 0,
        flags: RECURSION_DESIRED | RECURSION_AVAILABLE | (address === undefined ? NXDOMAIN : 0),
        questions: [asked],
        answers:
          address !== undefined && asked.type === 'A'
            ? [{ type: 'A', name: asked.name, ttl: 0, data: address }]
            : [],
      }),
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: () =>
      new Promise((resolve) => {
        for (const other of asking) other.close();
        socket.close(() => resolve());
      }),
  };
}

/** Whoever asks gives up after 2 s; so does this. */
const UPSTREAM_MS = 2000;

function passOn(
  question: Buffer,
  upstream: string,
  reply: (answer: Buffer) => void,
  asking: Set<Socket>,
): void {
  const [, bracketed, plain = upstream, port = '53'] =
    /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(upstream) ?? [];
  const host = bracketed ?? plain;
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const timer = setTimeout(() => socket.close(), UPSTREAM_MS);
  asking.add(socket);
  socket.once('close', () => {
    clearTimeout(timer);
    asking.delete(socket);
  });
  socket.once('message', (answer) => {
    reply(answer);
    socket.close();
  });
  // No answer is what the asker then sees, as it would of the upstream itself.
  socket.once('error', () => socket.close());
  socket.send(question, Number(port), host);
}
