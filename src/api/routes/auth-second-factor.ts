import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { confirmPasswordSchema, confirmTotpSchema, recoveryCodesSchema, totpSchema } from '../../contract/api/auth.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { createRecoveryCodes, createTotp, findPeriod } from '../../identity/totp.ts';
import type { Account } from '../../store/sign-in/accounts.ts';
import { confirmTotp, findPendingTotp, removeTotp, setPendingTotp } from '../../store/sign-in/second-factor.ts';
import { endSessions } from '../../store/sign-in/sessions.ts';
import { readCookie } from '../access/cookies.ts';
import { ownAccount, startPage } from '../access/start-page.ts';
import type { ApiContext, Server } from '../context.ts';

/** An authenticator as a second factor, and the codes for when it is lost. */
export function addSecondFactorRoutes(server: Server, context: ApiContext): void {
  const { sql, keyFile, signIn } = context;
  const confirmPassword = async (request: FastifyRequest, password: string): Promise<Account> => {
    const account = await ownAccount(context, request);
    await signIn.confirm(account, password, { address: request.ip, device: readCookie(request, 'device') });
    return account;
  };

  server.post(
    '/auth/totp',
    {
      config: { access: 'signed-in', audit: 'change' },
      schema: {
        tags: ['People'],
        operationId: 'beginSecondFactor',
        summary: 'Get a secret for an authenticator; it counts once a code confirms it',
        querystring: noQuery,
        body: confirmPasswordSchema,
        response: { 200: totpSchema, 401: problemSchema },
      },
    },
    async (request) => {
      const { id, name } = await confirmPassword(request, request.body.password);
      const { bytes, secret, url } = createTotp(name);
      await setPendingTotp(sql, id, keyFile.seal(bytes));
      return { secret, url };
    },
  );

  server.post(
    '/auth/totp/confirm',
    {
      config: { access: 'signed-in', audit: 'change' },
      schema: {
        tags: ['People'],
        operationId: 'confirmSecondFactor',
        summary:
          'Switch the second factor on with its first code, and get the recovery codes; every other session ends',
        querystring: noQuery,
        body: confirmTotpSchema,
        response: { 200: recoveryCodesSchema, 401: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const account = await ownAccount(context, request);
      const pending = await findPendingTotp(sql, account.id);
      if (!pending) throw new AlprError('CONFLICT', 'Expected a secret that waits for its first code; ask for one');
      const period = findPeriod(keyFile.unseal(pending), request.body.code, new Date());
      if (period === undefined) {
        throw new AlprError('SIGN_IN_FAILED', 'Expected the code that the authenticator shows now; check its clock');
      }
      const recoveryCodes = createRecoveryCodes();
      if (!(await confirmTotp(sql, account.id, { period, recoveryCodes }))) {
        throw new AlprError('CONFLICT', 'Another request was first');
      }
      await endSessions(sql, account.id);
      await startPage(reply, context, { ...account, lacksFactor: false });
      return { recovery_codes: recoveryCodes };
    },
  );

  server.delete(
    '/auth/totp',
    {
      config: { access: 'signed-in', audit: 'change' },
      schema: {
        tags: ['People'],
        operationId: 'endSecondFactor',
        summary: 'Switch the second factor off; every other session ends',
        querystring: noQuery,
        body: confirmPasswordSchema,
        response: { 204: goneSchema, 401: problemSchema },
      },
    },
    async (request, reply) => {
      const account = await confirmPassword(request, request.body.password);
      await removeTotp(sql, account.id);
      await endSessions(sql, account.id);
      await startPage(reply, context, account);
      return reply.code(204).send(null);
    },
  );
}
