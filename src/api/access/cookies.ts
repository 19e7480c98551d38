import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEVICE_DAYS } from './known-device.ts';

/** What the page keeps in the browser; the script of the page cannot read any of it. */
export type CookieName = 'session' | 'device' | 'oidc';

const DAY_SECONDS = 86_400;

/** Seconds that a cookie stays; without any it goes with the browser. */
const AGES = { session: undefined, device: DEVICE_DAYS * DAY_SECONDS, oidc: 600 } as const;

/** The value of a cookie; undefined when there is none. */
export function readCookie(request: FastifyRequest, name: CookieName): string | undefined {
  return request.cookies[nameOf(request, name)];
}

/** Sets a cookie, and without a value removes it. */
export function writeCookie(reply: FastifyReply, name: CookieName, value: string | undefined): void {
  const { request } = reply;
  const options = {
    path: '/',
    httpOnly: true,
    secure: isEncrypted(request),
    // The provider sends the browser back, and what it has of that sign-in must come with it.
    sameSite: name === 'oidc' ? 'lax' : 'strict',
  } as const;
  const maxAge = AGES[name];
  if (value === undefined) reply.clearCookie(nameOf(request, name), options);
  else reply.setCookie(nameOf(request, name), value, { ...options, ...(maxAge !== undefined && { maxAge }) });
}

/** With the prefix, a browser takes the cookie from nobody but this very host, and encrypted. */
function nameOf(request: FastifyRequest, name: CookieName): string {
  return `${isEncrypted(request) ? '__Host-' : ''}alpr-${name}`;
}

function isEncrypted({ protocol }: FastifyRequest): boolean {
  return protocol === 'https';
}
