import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import type { Scope } from '../../contract/access.ts';
import type { AuditAction } from '../../contract/audit.ts';
import type { Principal } from '../../identity/principal.ts';
import type { ApiContext, Server } from '../context.ts';
import { TooSoonError } from '../errors.ts';
import { identifyClient } from './identify.ts';
import { isUnsafe, requireOwnPage } from './own-page.ts';
import { RequestRate } from './request-rate.ts';
import type { AuditNote, RouteAccess } from './route-access.ts';

/** The files of the page and of the description, which are added by plugins and hold nothing of anybody. */
const FILES = /^\/(?:\*|docs(?:\/.*)?)$/;

/** Whatever they change may be who somebody is or what they may do. */
const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** Sent as a change, because it takes a body. */
const LOOKS: ReadonlySet<AuditAction | undefined> = new Set(['search', 'read']);

/** What cannot be parted by camera or site. */
const OF_EVERYTHING: ReadonlySet<RouteAccess> = new Set([
  'alerts',
  'audit',
  'privacy',
  'services',
  'models',
  'metrics',
  'alarms',
]);

/** Finds out who asks, and lets nobody through who may not. Call it before adding routes. */
export function guardRoutes(server: Server, { principals, isSetUp, config }: ApiContext): void {
  const rate = new RequestRate(config.requests_per_minute);
  server.decorateRequest<Principal | undefined>('principal', undefined);
  server.decorateRequest<AuditNote>('auditNote', { getter: noteOf });
  server.addHook('onRoute', (route) => {
    if (FILES.test(route.url)) route.config = { ...route.config, access: 'public' };
    if (route.config?.access === undefined) {
      throw new Error(`expected the route ${route.method} ${route.url} to say who may call it`);
    }
  });
  server.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access ?? 'public';
    const isOpen = access === 'public';
    request.principal = await principals.identify(request).catch((error: unknown) => {
      if (!isOpen) throw error;
      // Whoever needs no account is answered while the database is away, too.
      return undefined;
    });
    request.principal ??= identifyClient(request);
    const { principal, ip } = request;
    const wait = rate.count(principal ? `${principal.kind} ${principal.id}` : ip);
    if (wait > 0)
      throw new TooSoonError(`Expected at most ${config.requests_per_minute} requests in a minute; wait`, wait);
    if (principal?.kind === 'person' && isUnsafe(request) && request.headers.authorization === undefined)
      requireOwnPage(request);
    if (access !== 'public' && !request.principal && !(await isSetUp())) {
      throw new AlprError(
        'SIGN_IN',
        'Nobody has an account yet: open the one-time link that the program printed when it started, or run alpr users add NAME',
      );
    }
    if (!principal && request.routeOptions.config.clients) {
      throw new AlprError(
        'SIGN_IN',
        `Expected a token, or a client that server.read.codeproject_clients lists; this one asks from ${ip}`,
      );
    }
    check(access, request.principal);
  });
  server.addHook('onSend', async (request) => {
    const { audit } = request.routeOptions.config;
    if (CHANGES.has(request.method) && !LOOKS.has(audit)) principals.forget();
  });
}

/** Cameras and sites that the caller may see. */
export function scopeOf(request: FastifyRequest): Scope {
  return whoAsks(request).scope;
}

/** The caller, on routes that are not public. */
export function whoAsks({ principal }: FastifyRequest): Principal {
  if (!principal) throw new Error('expected a route that is not public');
  return principal;
}

const notes = new WeakMap<FastifyRequest, AuditNote>();

function noteOf(this: FastifyRequest): AuditNote {
  const note = notes.get(this) ?? {};
  notes.set(this, note);
  return note;
}

function check(access: RouteAccess, principal: Principal | undefined): void {
  if (access === 'public') return;
  if (!principal) throw new AlprError('SIGN_IN', 'Sign in, or send a token as `Authorization: Bearer …`');
  if (access === 'signed-in') return;
  if (principal.scope !== undefined && OF_EVERYTHING.has(access)) {
    throw new AlprError(
      'FORBIDDEN',
      `Expected somebody who may see all cameras and sites: ${access} is about the whole system`,
    );
  }
  if (principal.permissions.has(access)) return;
  throw new AlprError(
    'FORBIDDEN',
    `Expected the permission ${access}, which ${principal.name} does not have; ask an administrator for it`,
  );
}
