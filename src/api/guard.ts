import { isIP, isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { AlprError } from '../base/errors.ts';
import type { ApiConfig } from './config.ts';

/** What containers and clusters ask under whatever address they like; it tells nothing. */
const HEALTH = /^\/health(?:\/|\?|$)/;

/** CONFIG_INVALID where passwords and plates would cross a network as they are. */
export function requireShelter({ host, tls, trusted_proxies, published_on_loopback }: ApiConfig): void {
  if (isLoopback(host) || tls || trusted_proxies.length > 0 || published_on_loopback) return;
  throw new AlprError(
    'CONFIG_INVALID',
    `Expected server.host to be 127.0.0.1, ::1 or localhost, got ${host}: a network needs server.tls (alpr tls create makes a certificate), or server.trusted_proxies with the address of a proxy that serves HTTPS; in a container whose port is published on 127.0.0.1 alone, set server.published_on_loopback`,
  );
}

/**
 * Checks that a request came under a name of ours, and encrypted unless it never left this machine. A page of another site whose name
 * was made to point to us (DNS rebinding) sends its own name and is refused.
 */
export function createHostCheck(config: ApiConfig): (request: FastifyRequest) => void {
  const isLocal = isLoopback(config.host);
  const publicName = config.public_url === undefined ? [] : [new URL(config.public_url).hostname];
  const names = new Set([...publicName, ...config.allowed_hosts].map((name) => name.toLowerCase()));
  return (request) => {
    const name = nameIn(request.host);
    const isHere = name !== undefined && isLoopback(name);
    // Another site has a name; an address is nobody's but ours.
    const isKnown = name !== undefined && (isHere || names.has(name) || (!isLocal && isIP(name) > 0));
    if (!isLocal && HEALTH.test(request.url)) return;
    if (!isKnown) {
      const expected = ['localhost', '127.0.0.1', ...names].join(', ');
      throw new AlprError(
        'INPUT_INVALID',
        `Expected the Host header to be one of ${expected}; use such an address, or add yours to server.allowed_hosts`,
      );
    }
    if (request.protocol === 'https') return;
    const stays = isLocal || config.published_on_loopback || isLoopback(request.socket.remoteAddress ?? '');
    if (isHere && stays) return;
    throw new AlprError(
      'FORBIDDEN',
      'Expected HTTPS, because this came over a network; a proxy must be named in server.trusted_proxies and send X-Forwarded-Proto',
    );
  };
}

function nameIn(authority: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(authority ?? '');
  return match?.[1]?.replace(/^\[|\]$/g, '').toLowerCase();
}

function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^::ffff:/, '');
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}
