import type { FastifyRequest } from 'fastify';
import { isWithin } from '../../base/address-range.ts';
import type { Sql } from '../../db/sql.ts';
import type { AccountsConfig } from '../../identity/config.ts';
import type { Principal } from '../../identity/principal.ts';
import { ROLES } from '../../identity/roles.ts';
import { findApiToken } from '../../store/api-tokens.ts';
import { findPageSession, findProgramSession, type SessionOwner } from '../../store/sign-in/sessions.ts';
import type { AccessTokens } from './access-tokens.ts';
import { readCookie } from './cookies.ts';

/** Says who sends a request; undefined for nobody. A look that is no use (`isUse`) leaves a session to end unused. */
export type Identify = (request: FastifyRequest, isUse?: boolean) => Promise<Principal | undefined>;

type Given = Readonly<{ sql: Sql; tokens: AccessTokens; accounts: AccountsConfig }>;

/** Knows API tokens, the short tokens of programs, and the cookie of the page. Who sends a token is not known by a cookie. */
export function createIdentify({ sql, tokens, accounts }: Given): Identify {
  const describe = (owner: SessionOwner | undefined) => owner && describePerson(owner, accounts);
  return async (request, isUse = true) => {
    const looked = { ...accounts.session, isUse };
    const { authorization } = request.headers;
    if (authorization === undefined) {
      const cookie = readCookie(request, 'session');
      return cookie === undefined ? undefined : describe(await findPageSession(sql, cookie, looked));
    }
    const token = /^(?:Bearer|Token) (\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) return undefined;
    if (token.includes('.')) {
      const session = await tokens.verify(token);
      return session === undefined ? undefined : describe(await findProgramSession(sql, session, looked));
    }
    const known = await findApiToken(sql, token);
    return known && { ...known, kind: 'token', permissions: new Set(known.permissions) };
  };
}

/** A program known by its address alone; undefined where that is not among those of the route. */
export function identifyClient({ ip, routeOptions }: FastifyRequest): Principal | undefined {
  const { clients = [] } = routeOptions.config;
  if (clients.length === 0 || !isWithin(ip, clients)) return undefined;
  const scope = { cameras: [], sites: [] };
  return { kind: 'address', id: ip, name: ip, permissions: new Set(['read'] as const), scope };
}

/** Somebody who is signed in, with what their role lets them do now: nothing, while they lack a second factor that is required. */
export function describePerson(owner: Omit<SessionOwner, 'kind'>, { second_factor }: AccountsConfig): Principal {
  const { id, name, role, scope, session, lacksFactor } = owner;
  const permissions = lacksFactor && second_factor === 'required' ? [] : ROLES[role];
  return { kind: 'person', id, name, role, permissions: new Set(permissions), scope, session };
}
