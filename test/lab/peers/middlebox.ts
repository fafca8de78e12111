import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Meddling } from '../middlebox.ts';

/**
 * BEHIND: a proxy on port 443 of every address of this host, in front of port 443 of BEHIND. Each line of its input says what to
 * do at one address from now on, and is answered by a line. Says a line once it listens.
 */
const [behind = ''] = process.argv.slice(2);
const orders = new Map<string, Meddling | null>();

/** An IPv4 address as itself, where the listener is dual-stack. */
const plain = (address: string | undefined): string => (address ?? '').replace(/^::ffff:/, '');

function pass(socket: Socket, hello: Buffer): void {
  const onward = connect({ host: behind, port: 443, autoSelectFamily: false, noDelay: true });
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
  onward.write(hello);
  onward.pipe(socket);
  socket.pipe(onward);
}

const server = createServer({ noDelay: true, pauseOnConnect: false }, (socket) => {
  socket.on('error', () => socket.destroy());
  const here = plain(socket.localAddress);
  const from = plain(socket.remoteAddress);
  socket.once('data', (hello: Buffer) => {
    const order = orders.get(here);
    if (!order || (order.name !== null && !hello.includes(order.name))) pass(socket, hello);
    else if (order.from !== null && order.from !== from) pass(socket, hello);
    else if (order.act === 'reset') socket.resetAndDestroy();
    else if (order.act === 'close') socket.end();
    else socket.resume();
  });
});
server.listen(443, '::', () => {
  console.log('listening');
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { address, meddling } = JSON.parse(line) as { address: string; meddling: Meddling | null };
    orders.set(address, meddling);
    console.log('done');
  });
});
