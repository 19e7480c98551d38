import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Lifetimes } from '../../store/sign-in/sessions.ts';
import { DEVICE_DAYS } from './known-device.ts';

/** What the page keeps in the browser; the script of the page cannot read any of it. */
export type CookieName = 'session' | 'device' | 'oidc';

const DAY_SECONDS = 86_400;

/** Seconds that a cookie stays. */
const AGES = { device: DEVICE_DAYS * DAY_SECONDS, oidc: 600 } as const;

/** The value of a cookie; undefined when there is none. */
export function readCookie(request: FastifyRequest, name: CookieName): string | undefined {
  return request.cookies[nameOf(request, name)];
}

/** Keeps a browser signed in for as long as the session may last. */
export function writeSession(reply: FastifyReply, secret: string, { max_hours: maxHours }: Lifetimes): void {
  const { request } = reply;
  reply.setCookie(nameOf(request, 'session'), secret, { ...optionsOf(request, 'session'), maxAge: maxHours * 3600 });
}

/** Sets a cookie for its time. */
export function writeCookie(reply: FastifyReply, name: keyof typeof AGES, value: string): void {
  const { request } = reply;
  reply.setCookie(nameOf(request, name), value, { ...optionsOf(request, name), maxAge: AGES[name] });
}

/** Removes a cookie from the browser. */
export function clearCookie(reply: FastifyReply, name: CookieName): void {
  const { request } = reply;
  reply.clearCookie(nameOf(request, name), optionsOf(request, name));
}

function optionsOf(request: FastifyRequest, name: CookieName) {
  return {
    path: '/',
    httpOnly: true,
    secure: isEncrypted(request),
    // The provider sends the browser back, and what it has of that sign-in must come with it.
    sameSite: name === 'oidc' ? 'lax' : 'strict',
  } as const;
}

/** With the prefix, a browser takes the cookie from nobody but this very host, and encrypted. */
function nameOf(request: FastifyRequest, name: CookieName): string {
  return `${isEncrypted(request) ? '__Host-' : ''}alpr-${name}`;
}

function isEncrypted({ protocol }: FastifyRequest): boolean {
  return protocol === 'https';
}
