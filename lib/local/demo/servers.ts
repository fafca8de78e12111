import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { codeOf } from '../usage-error.ts';
import type { ServerThreadData } from './server-thread-data.ts';

export interface ServerThread {
  /** In the order of the servers. */
  readonly ports: readonly number[];
  /** From now on the first server drops every SYN. */
  hold(): Promise<void>;
  release(): void;
  close(): Promise<void>;
}

/** A connection that is not there by then will not be: on loopback it takes microseconds. */
const FILLED_MS = 300;

/** More than any accept queue of a backlog of 1 holds. */
const FILLERS = 8;

/** Starts HTTP/2 servers in a thread. @throws the error of the first that cannot listen. */
export async function startServers(servers: ServerThreadData['servers']): Promise<ServerThread> {
  const hold = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./server-thread.ts', import.meta.url), {
    workerData: { servers, hold } satisfies ServerThreadData,
  });
  const [ports]: readonly number[][] = await once(worker, 'message');
  worker.on('error', (error) => {
    throw error;
  });
  const fillers: Socket[] = [];
  const release = (): void => {
    for (const socket of fillers.splice(0)) socket.destroy();
    Atomics.store(hold, 0, 0);
    Atomics.notify(hold, 0);
  };
  return {
    ports: ports ?? [],
    async hold() {
      Atomics.store(hold, 0, 1);
      worker.postMessage('hold');
      for (let tried = 0; tried < FILLERS; tried += 1) {
        const socket = connect({ host: servers[0]?.address ?? '', port: ports?.[0] ?? 0 });
        fillers.push(socket);
        if (!(await connected(socket))) return;
      }
      throw new Error('the demo server takes every connection although nobody accepts them');
    },
    release,
    async close() {
      release();
      await worker.terminate();
    },
  };
}

function connected(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), FILLED_MS);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(true);
    });
    // Reset when the fault is lifted, or refused for a moment: only the first answer matters, and silence is what is sought.
    socket.on('error', (error) => {
      if (codeOf(error) === 'ECONNREFUSED') resolve(false);
    });
  });
}
