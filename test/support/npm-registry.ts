import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A registry of one package, in a thread of its own: what asks it blocks this one. */
const SERVE = `
const { createServer } = require('node:http');
const { parentPort, workerData: { name, version, tarball, integrity } } = require('node:worker_threads');
const server = createServer((request, response) => {
  const origin = 'http://' + request.headers.host;
  if (request.url.endsWith('.tgz')) return response.end(tarball);
  if (decodeURIComponent(request.url) !== '/' + name) return response.writeHead(404).end('{}');
  const dist = { tarball: origin + '/package.tgz', integrity };
  const versions = { [version]: { name, version, dist } };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

export interface ServedPackage {
  readonly name: string;
  readonly version: string;
  readonly tarball: Uint8Array;
  /** What the registry says of it, which npm checks. */
  readonly integrity: string;
}

/** An npm registry on loopback. */
export async function startRegistry(
  served: ServedPackage,
): Promise<{ readonly url: string; close(): Promise<unknown> }> {
  const worker = new Worker(SERVE, { eval: true, workerData: served });
  const [port] = await once(worker, 'message');
  return { url: `http://127.0.0.1:${port}/`, close: () => worker.terminate() };
}
