import { createServer } from 'node:net';

/** ADDRESS PORT BACKLOG: accepts, reads and waits. Says a line once it listens. */
const [host = '', port = '', backlog = ''] = process.argv.slice(2);
const server = createServer((socket) => socket.on('error', () => socket.destroy()).resume());
server.listen({ host, port: Number(port), backlog: Number(backlog) }, () => console.log('listening'));
