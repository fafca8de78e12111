import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { decode } from 'dns-packet';
import { HOSTILE_ANSWERS, type HostileAnswer, nameBytes, QUESTION_AT, type Query } from './dns-answers.ts';
import { drip } from './peer.ts';

const byLabel = new Map(HOSTILE_ANSWERS.map((one) => [one.name, one]));

function read(message: Buffer): { readonly query: Query; readonly hostile: HostileAnswer } | null {
  const { id = 0, questions } = decode(message);
  const name = questions?.[0]?.name;
  const hostile = byLabel.get(name?.split('.').at(-2) ?? '');
  if (name === undefined || !hostile) return null;
  const length = nameBytes(name).length + 4;
  return { query: { id, name, question: message.subarray(QUESTION_AT, QUESTION_AT + length) }, hostile };
}

function framed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length, 0);
  return Buffer.concat([length, bytes]);
}

function serveTcp(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.once('data', (bytes: Buffer) => {
    const asked = read(bytes.subarray(2));
    if (!asked) return;
    const { hostile, query } = asked;
    const out = Buffer.concat((hostile.tcp ?? (() => []))(query).map(framed));
    if (hostile.trickles) drip(socket, out);
    else if (out.length > 0) socket.write(out);
  });
}

/** A name server on loopback, UDP and TCP. @returns its `ADDRESS:PORT`. */
export async function hostileDns(): Promise<string> {
  const tcp = createServer(serveTcp);
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', (message, peer) => {
    const asked = read(message);
    if (!asked) return;
    const { hostile, query } = asked;
    const send = (): void => {
      for (const bytes of hostile.udp(query)) udp.send(bytes, peer.port, peer.address);
    };
    send();
    if (hostile.floods) {
      const until = performance.now() + FLOOD_MS;
      const again = (): void => {
        for (let n = 0; n < 50; n += 1) send();
        if (performance.now() < until) setImmediate(again);
      };
      again();
    }
  });
  udp.on('error', () => {});
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return `127.0.0.1:${port}`;
}

/** As long as anybody waits for an answer. */
const FLOOD_MS = 4000;
