import type { FastifyRequest } from 'fastify';
import type { Sql } from '../../db/sql.ts';
import type { Principal } from '../../identity/principal.ts';
import { ROLES } from '../../identity/roles.ts';
import { findApiToken } from '../../store/api-tokens.ts';
import {
  findPageSession,
  findProgramSession,
  type Lifetimes,
  type SessionOwner,
} from '../../store/sign-in/sessions.ts';
import type { AccessTokens } from './access-tokens.ts';
import { readCookie } from './cookies.ts';

/** Says who sends a request; undefined for nobody. */
export type Identify = (request: FastifyRequest) => Promise<Principal | undefined>;

type Given = Readonly<{ sql: Sql; tokens: AccessTokens; lifetimes: Lifetimes }>;

/** Knows API tokens, the short tokens of programs, and the cookie of the page. Who sends a token is not known by a cookie. */
export function createIdentify({ sql, tokens, lifetimes }: Given): Identify {
  return async (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      const cookie = readCookie(request, 'session');
      return cookie === undefined ? undefined : describePerson(await findPageSession(sql, cookie, lifetimes));
    }
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) return undefined;
    if (token.includes('.')) {
      const session = await tokens.verify(token);
      return session === undefined ? undefined : describePerson(await findProgramSession(sql, session, lifetimes));
    }
    const known = await findApiToken(sql, token);
    return known && { ...known, kind: 'token', permissions: new Set(known.permissions) };
  };
}

/** Somebody who is signed in, with what their role lets them do now. */
export function describePerson(owner: Omit<SessionOwner, 'kind'> | undefined): Principal | undefined {
  if (!owner) return undefined;
  const { id, name, role, scope, session } = owner;
  return { kind: 'person', id, name, role, permissions: new Set(ROLES[role]), scope, session };
}
