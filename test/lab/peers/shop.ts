import { readFileSync } from 'node:fs';
import http2 from 'node:http2';

/** ADDRESS PORT CERT KEY: HTTP/2 over TLS. Says a line once it listens. */
const [address = '', port = '', cert = '', key = ''] = process.argv.slice(2);
const server = http2.createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) });
server.on('sessionError', () => {});
server.on('tlsClientError', () => {});
server.on('connection', (socket) => socket.on('error', () => socket.destroy()));
server.listen(Number(port), address, () => console.log('listening'));
