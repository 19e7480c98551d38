import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request may change something. */
export function isUnsafe({ method }: FastifyRequest): boolean {
  return !SAFE.has(method);
}

/**
 * FORBIDDEN unless our own page sends this: another page can make a browser send its cookies, but can neither hide where it comes from
 * nor add this header.
 */
export function requireOwnPage({ headers, host, protocol }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  const isOwn = headers.origin === `${protocol}://${host}` && (site === undefined || site === 'same-origin');
  if (isOwn && headers['x-requested-with'] === 'alpr') return;
  throw new AlprError(
    'FORBIDDEN',
    'Expected the page of this very server, with the header `X-Requested-With: alpr`; programs send a token instead of a cookie',
  );
}
