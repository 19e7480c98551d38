import { AlprError } from '../base/errors.ts';
import type { Server } from './context.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * Notes which methods each address has. Call it before adding routes, and what it returns after: it answers the other
 * methods with 405 and `Allow`.
 */
export function collectMethods(server: Server): () => void {
  const allowed = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }) => {
    const known = allowed.get(url) ?? new Set();
    allowed.set(url, known);
    for (const one of [method].flat()) known.add(one);
  });
  return () => {
    for (const [url, known] of [...allowed]) if (url !== '/*') refuseOthers(server, url, [...known].sort());
  };
}

function refuseOthers(server: Server, url: string, known: readonly string[]): void {
  const others = METHODS.filter((method) => !known.includes(method));
  server.route({
    method: others,
    url,
    config: { access: 'public' },
    schema: { hide: true },
    // Before a body is read: whatever it holds, the method is what is wrong.
    onRequest: async ({ method }, reply) => {
      reply.header('allow', known.join(', '));
      throw new AlprError('METHOD_NOT_ALLOWED', `Expected ${known.join(' or ')} at this address, got ${method}`);
    },
    handler: () => undefined,
  });
}
