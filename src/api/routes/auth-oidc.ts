import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { nameField, oidcCallbackSchema } from '../../contract/api/auth.ts';
import { movedSchema, noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { type Account, createIdentity, findAccount, findIdentity, setRole } from '../../store/sign-in/accounts.ts';
import { endSessions } from '../../store/sign-in/sessions.ts';
import { clearCookie, readCookie, writeCookie } from '../access/cookies.ts';
import type { ForeignPerson } from '../access/oidc.ts';
import { startPage } from '../access/start-page.ts';
import type { ApiContext, Server } from '../context.ts';

/** Signing in by a provider of OpenID Connect: there and back by redirects. */
export function addOidcRoutes(server: Server, context: ApiContext): void {
  const { sql, oidc, config } = context;

  server.get(
    '/auth/oidc',
    {
      config: { access: 'public' },
      schema: {
        tags: ['People'],
        operationId: 'beginOidc',
        summary: 'Go to the provider that signs in',
        querystring: noQuery,
        response: { 302: movedSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      if (!oidc) throw new AlprError('NOT_FOUND', 'No provider is configured (accounts.oidc)');
      const { url, flow } = await oidc.begin(`${originOf(request)}/auth/oidc/callback`);
      writeCookie(reply, 'oidc', flow);
      return reply.redirect(url);
    },
  );

  server.get(
    '/auth/oidc/callback',
    {
      config: { access: 'public', audit: 'sign-in' },
      schema: {
        tags: ['People'],
        operationId: 'finishOidc',
        summary: 'Come back from the provider, to the page: signed in, or with `#sign-in=` and the code of the error',
        querystring: oidcCallbackSchema,
        response: { 302: movedSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      if (!oidc) throw new AlprError('NOT_FOUND', 'No provider is configured (accounts.oidc)');
      const flow = readCookie(request, 'oidc');
      clearCookie(reply, 'oidc');
      try {
        const search = new URL(request.url, originOf(request)).search;
        await startPage(reply, context, await findOrCreate(await oidc.finish(flow ?? '', search)));
        return await reply.redirect('/');
      } catch (error) {
        if (!(error instanceof AlprError)) throw error;
        // Whoever comes back has a page before them, not a program: it says what is wrong.
        request.auditNote.query = { refused: error.code };
        context.log.warn({ err: error }, 'a sign-in by the provider fails');
        return reply.redirect(`/#sign-in=${error.code}`);
      }
    },
  );

  /** The provider decides on the role each time; who has another one than before starts anew. */
  async function findOrCreate({ issuer, subject, name, role }: ForeignPerson): Promise<Account> {
    const known = await findIdentity(sql, issuer, subject);
    const id = known ?? (await createIdentity(sql, { issuer, subject, name: requireName(name), role }));
    const account = await findAccount(sql, { id });
    if (!account) throw new AlprError('FORBIDDEN', 'This account is disabled; ask an administrator');
    if (account.role === role) return account;
    await setRole(sql, id, role);
    await endSessions(sql, id);
    return { ...account, role };
  }

  function originOf({ protocol, host }: FastifyRequest): string {
    return config.public_url ?? `${protocol}://${host}`;
  }
}

/** A provider may let people choose their names; here nobody is mistaken for somebody else. */
function requireName(given: string): string {
  const { data: name, error } = nameField.safeParse(given);
  if (name !== undefined) return name;
  throw new AlprError('FORBIDDEN', `The name from the provider cannot be used: ${error?.issues[0]?.message}`);
}
