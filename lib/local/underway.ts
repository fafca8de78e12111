import type { Server, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A request that is not answered by then never will be, in ms. */
const PATIENCE_MS = 2000;
const LOOK_MS = 5;

/**
 * Follows the requests of a server whose handlers go on when their client is gone. Returns what waits until each one that came
 * in whole has been answered, though nobody may hear it.
 */
export function followRequests(server: Server): () => Promise<void> {
  const responses = new Set<ServerResponse>();
  const forgetAnswered = (): void => {
    for (const response of responses) {
      const neverComplete = response.req.destroyed && !response.req.complete;
      if (response.writableEnded || neverComplete) responses.delete(response);
    }
  };
  server.on('request', (_request, response: ServerResponse) => {
    forgetAnswered();
    responses.add(response);
  });
  return async () => {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      forgetAnswered();
      if (responses.size === 0 || performance.now() > end) return;
      await pause(LOOK_MS);
    }
  };
}
