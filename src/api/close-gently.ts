import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './context.ts';

/** How long requests in hand may take once the server closes, milliseconds. */
const LAST_REQUESTS_MS = 10_000;
const LOOK_MS = 20;

/**
 * Watches what a server answers, and returns how to close it: nothing new is accepted, requests in hand are answered, and then every
 * connection is closed, also one that a browser only keeps in reserve. To be called before the server listens.
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
