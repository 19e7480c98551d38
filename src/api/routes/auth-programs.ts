import { AlprError } from '../../base/errors.ts';
import { type Granted, grantedSchema, grantSchema } from '../../contract/api/auth.ts';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { findAccount } from '../../store/sign-in/accounts.ts';
import { rotateRefreshToken, type StartedSession, startSession } from '../../store/sign-in/sessions.ts';
import { TOKEN_SECONDS } from '../access/access-tokens.ts';
import { describePerson } from '../access/identify.ts';
import type { ApiContext, Server } from '../context.ts';

/** Short tokens for programs that act for a person. */
export function addProgramRoutes(server: Server, { sql, accounts, signIn, tokens }: ApiContext): void {
  server.post(
    '/auth/token',
    {
      config: { access: 'public', audit: 'token' },
      schema: {
        tags: ['People'],
        operationId: 'grantToken',
        summary: 'Get a token for ten minutes by name and password, or by the refresh token of the last one',
        querystring: noQuery,
        body: grantSchema,
        response: { 200: grantedSchema, 401: problemSchema, 429: problemSchema },
      },
    },
    async (request): Promise<Granted> => {
      const { body } = request;
      const asked = { way: body.grant_type };
      request.auditNote.query = asked;
      const { id, secret, account } =
        body.grant_type === 'password' ? await start(body, request.ip) : await goOn(body.refresh_token);
      const owner = await findAccount(sql, { id: account });
      if (!owner) throw isOver();
      request.principal = describePerson({ ...owner, session: id }, accounts);
      const access_token = await tokens.sign({ account, session: id });
      return { access_token, token_type: 'Bearer', expires_in: TOKEN_SECONDS, refresh_token: secret };

      async function start(given: Extract<typeof body, { grant_type: 'password' }>, address: string) {
        const onAccount = (name: string) => {
          request.auditNote.query = { ...asked, name, code: given.code !== undefined };
        };
        const { id } = await signIn.signIn(given, { address, device: undefined, onAccount });
        const userAgent = request.headers['user-agent'] ?? '';
        const lifetimes = accounts.session;
        return {
          ...(await startSession(sql, { account: id, kind: 'program', address, userAgent, lifetimes })),
          account: id,
        };
      }
    },
  );

  async function goOn(refreshToken: string): Promise<StartedSession & Readonly<{ account: string }>> {
    const rotated = await rotateRefreshToken(sql, refreshToken, accounts.session);
    if (!rotated) throw isOver();
    return rotated;
  }
}

function isOver(): AlprError {
  return new AlprError('SIGN_IN_FAILED', 'Expected a refresh token that was not used; sign in again');
}
