import { isIPv4 } from 'node:net';
import { AlprError } from '../base/errors.ts';

/** Throws CONFIG_INVALID unless `host` is this machine, because anyone who reaches the API may see everything. */
export function requireLoopback(host: string): void {
  if (isLoopback(host)) return;
  throw new AlprError(
    'CONFIG_INVALID',
    `Expected server.host to be 127.0.0.1, ::1 or localhost, got ${host}: users and roles do not exist yet, so the API is not opened to a network; use an SSH tunnel`,
  );
}

/**
 * Whether the Host header names this machine. A page of another site whose name was made to point to 127.0.0.1 (DNS
 * rebinding) sends its own name and is refused.
 */
export function isLoopbackAuthority(authority: string | undefined): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(authority ?? '');
  return match?.[1] !== undefined && isLoopback(match[1].replace(/^\[|\]$/g, ''));
}

function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}
