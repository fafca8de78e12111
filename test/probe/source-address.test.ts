import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { learnSourceAddress, sourceAddress } from '../../lib/probe/source-address.ts';
import { refusedPort } from '../support/servers.ts';

let server: Server | undefined;
let asked = 0;
async function serve(body: string, status = 200): Promise<string> {
  asked = 0;
  server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
afterEach(async () => {
  await learnSourceAddress(null);
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

describe('the source address', () => {
  it('is learnt once and remembered', async () => {
    const url = await serve('198.51.100.7\n');
    await learnSourceAddress(url);
    await learnSourceAddress(url);
    expect(sourceAddress()).toBe('198.51.100.7');
    expect(asked).toBe(1);
  });

  it.each([
    ['is no address', '<html>', 200],
    ['is too long', '1'.repeat(100_000), 200],
    ['is an error', '198.51.100.7', 503],
  ])('stays unknown when the answer %s', async (_case, body, status) => {
    await learnSourceAddress(await serve(body, status));
    expect(sourceAddress()).toBeNull();
  });

  it('stays unknown when nobody answers, and nobody is asked again at once', async () => {
    const { port } = await refusedPort();
    await learnSourceAddress(`http://127.0.0.1:${port}/`);
    expect(sourceAddress()).toBeNull();
    await learnSourceAddress(await serve('198.51.100.7'));
    expect(asked).toBe(0);
  });
});
