import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A TCP server on loopback that can be stopped and started again on the same port. */
export class Shop {
  readonly address: string;
  port = 0;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(address = '127.0.0.1') {
    this.address = address;
  }

  async open(): Promise<void> {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => socket.destroy());
      socket.resume();
    });
    await once(this.#server.listen(this.port, this.address), 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}
