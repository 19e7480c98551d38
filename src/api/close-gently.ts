import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './context.ts';

/** How long requests in progress may take once the server closes, milliseconds. */
const LAST_REQUESTS_MS = 10_000;
const LOOK_MS = 20;

/**
 * Watches a server's requests, and returns a function that closes it: it accepts no new connections, answers requests in progress, and
 * then closes every connection, even one that a browser only keeps in reserve. Call it before the server listens.
 */
export function closing(server: Server): () => Promise<void> {
  const inHand = new Set<ServerResponse>();
  server.server.on('request', (_request, response) => {
    inHand.add(response);
    response.once('close', () => inHand.delete(response));
  });
  return async () => {
    const closed = server.close();
    const limit = performance.now() + LAST_REQUESTS_MS;
    while (inHand.size > 0 && performance.now() < limit) await sleep(LOOK_MS);
    server.server.closeAllConnections();
    await closed;
  };
}
