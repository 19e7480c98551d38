import type { FastifyReply, FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { type Account, findAccount } from '../../store/sign-in/accounts.ts';
import { endSession, startSession } from '../../store/sign-in/sessions.ts';
import type { ApiContext } from '../context.ts';
import { writeCookie, writeSession } from './cookies.ts';
import { whoAsks } from './guard-routes.ts';
import { describePerson } from './identify.ts';
import { markDevice } from './known-device.ts';

/** Signs somebody in at this browser, with a new session: the one that it had ends. */
export async function startPage(
  reply: FastifyReply,
  { sql, accounts, keyFile, principals }: ApiContext,
  account: Account,
): Promise<void> {
  const { request } = reply;
  if (request.principal?.session) await endSession(sql, request.principal.id, request.principal.session);
  const { id, secret } = await startSession(sql, {
    account: account.id,
    kind: 'page',
    address: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    lifetimes: accounts.session,
  });
  principals.forget();
  writeSession(reply, secret, accounts.session);
  writeCookie(reply, 'device', markDevice(keyFile, account.id));
  request.principal = describePerson({ ...account, session: id }, accounts);
}

/** The account of whoever is signed in; NOT_FOUND for API tokens, which have none. */
export async function ownAccount({ sql }: Pick<ApiContext, 'sql'>, request: FastifyRequest): Promise<Account> {
  const { kind, id } = whoAsks(request);
  const account = kind === 'person' ? await findAccount(sql, { id }) : undefined;
  if (account) return account;
  throw new AlprError('NOT_FOUND', 'Expected a person who signed in; an API token has no account');
}
