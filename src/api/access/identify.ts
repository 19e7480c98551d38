import type { FastifyRequest } from 'fastify';
import type { Sql } from '../../db/sql.ts';
import type { Principal } from '../../identity/principal.ts';
import { findApiToken } from '../../store/api-tokens.ts';

/** Says who sends a request; undefined for nobody. */
export type Identify = (request: FastifyRequest) => Promise<Principal | undefined>;

/** Knows API tokens. */
export function createIdentify(sql: Sql): Identify {
  return async ({ headers }) => {
    const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const known = await findApiToken(sql, token);
    return known && { ...known, kind: 'token', permissions: new Set(known.permissions) };
  };
}
