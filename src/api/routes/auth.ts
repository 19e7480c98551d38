import { AlprError } from '../../base/errors.ts';
import {
  linkCheckSchema,
  loginSchema,
  type Me,
  meSchema,
  passwordChangeSchema,
  preferencesSchema,
  setUpSchema,
  waysSchema,
} from '../../contract/api/auth.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { checkNewPassword } from '../../identity/password-rules.ts';
import type { Principal } from '../../identity/principal.ts';
import {
  createFirstAccount,
  findAccount,
  hasAccounts,
  setPasswordHash,
  setPreferences,
} from '../../store/sign-in/accounts.ts';
import { findLink, takeLink } from '../../store/sign-in/links.ts';
import { endSession, endSessions } from '../../store/sign-in/sessions.ts';
import { clearCookie, readCookie } from '../access/cookies.ts';
import { whoAsks } from '../access/guard-routes.ts';
import { requireOwnPage } from '../access/own-page.ts';
import { ownAccount, startPage } from '../access/start-page.ts';
import type { ApiContext, Server } from '../context.ts';
import { requireTimeZone } from '../require-time-zone.ts';

/** Getting in and out by name and password, and what one may say of oneself. */
export function addAuthRoutes(server: Server, context: ApiContext): void {
  const { sql, accounts, signIn, passwords, isSetUp } = context;
  const minLength = accounts.password.min_length;
  const about = (principal: Principal | undefined) => describeMe(context, principal);

  server.get(
    '/auth/ways',
    {
      config: { access: 'public' },
      schema: {
        tags: ['People'],
        operationId: 'readWays',
        summary: 'How one gets in here',
        querystring: noQuery,
        response: { 200: waysSchema },
      },
    },
    async () => ({
      set_up: await isSetUp(),
      oidc: accounts.oidc?.name ?? null,
      password_min: minLength,
    }),
  );

  server.get(
    '/auth/me',
    {
      config: { access: 'public' },
      schema: {
        tags: ['People'],
        operationId: 'readMe',
        summary: 'Who asks, and what they may do',
        querystring: noQuery,
        response: { 200: meSchema },
      },
    },
    (request) => about(request.principal),
  );

  server.patch(
    '/auth/me',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['People'],
        operationId: 'changeMe',
        summary: 'Choose a language and a time zone',
        querystring: noQuery,
        body: preferencesSchema,
        response: { 200: meSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const { id } = await ownAccount(context, request);
      if (typeof request.body.time_zone === 'string') requireTimeZone(request.body.time_zone);
      await setPreferences(sql, id, request.body);
      return about(request.principal);
    },
  );

  server.post(
    '/auth/setup',
    {
      config: { access: 'public', audit: 'sign-in' },
      schema: {
        tags: ['People'],
        operationId: 'setUp',
        summary: 'Use a one-time link: make the first account, or choose a password',
        querystring: noQuery,
        body: setUpSchema,
        response: { 200: meSchema, 401: problemSchema, 409: problemSchema, 422: problemSchema },
      },
    },
    async (request, reply) => {
      requireOwnPage(request);
      const { token, name, password } = request.body;
      request.auditNote.query = { way: 'link' };
      const link = await findLink(sql, token);
      const known = link?.account === undefined ? undefined : await findAccount(sql, { id: link.account });
      if (!link || (link.account !== undefined && !known)) throw linkIsOver();
      const chosen = known?.name ?? name;
      request.auditNote.query = { way: 'link', name: chosen };
      if (chosen === undefined) throw new AlprError('INPUT_INVALID', 'Expected a name for the first account');
      await checkNewPassword(password, { name: chosen, minLength });
      if (!known && (await hasAccounts(sql))) throw linkIsOver();
      const passwordHash = await passwords.hash(password);
      if (!(await takeLink(sql, token))) throw linkIsOver();
      const id = known?.id ?? (await createFirstAccount(sql, { name: chosen, passwordHash }));
      if (known) {
        await setPasswordHash(sql, id, passwordHash);
        await endSessions(sql, id);
        // The link is the password's place; a second factor is asked for all the same.
        if (known.totpSecret)
          throw new AlprError('SECOND_FACTOR_REQUIRED', 'The password is changed; now sign in with it');
      }
      const account = await findAccount(sql, { id });
      if (!account) throw linkIsOver();
      await startPage(reply, context, account);
      return about(request.principal);
    },
  );

  server.post(
    '/auth/setup/check',
    {
      config: { access: 'public', audit: 'sign-in' },
      schema: {
        tags: ['People'],
        operationId: 'checkLink',
        summary: 'Say whether a one-time link still works, without using it',
        querystring: noQuery,
        body: linkCheckSchema,
        response: { 204: goneSchema, 401: problemSchema },
      },
    },
    async (request, reply) => {
      requireOwnPage(request);
      request.auditNote.query = { way: 'link' };
      if (!(await findLink(sql, request.body.token))) throw linkIsOver();
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/auth/login',
    {
      config: { access: 'public', audit: 'sign-in' },
      schema: {
        tags: ['People'],
        operationId: 'signIn',
        summary: 'Sign in with name and password, and a code where a second factor is on',
        querystring: noQuery,
        body: loginSchema,
        response: { 200: meSchema, 401: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const asked = { way: 'password', code: request.body.code !== undefined };
      request.auditNote.query = asked;
      requireOwnPage(request);
      const origin = {
        address: request.ip,
        device: readCookie(request, 'device'),
        onAccount: (name: string) => {
          request.auditNote.query = { ...asked, name };
        },
      };
      await startPage(reply, context, await signIn.signIn(request.body, origin));
      return about(request.principal);
    },
  );

  server.post(
    '/auth/logout',
    {
      config: { access: 'signed-in', audit: 'sign-out' },
      schema: {
        tags: ['People'],
        operationId: 'signOut',
        summary: 'End the session of this request',
        querystring: noQuery,
        response: { 204: goneSchema },
      },
    },
    async (request, reply) => {
      const { id, session } = whoAsks(request);
      if (session !== undefined) await endSession(sql, id, session);
      clearCookie(reply, 'session');
      // Pictures that this browser keeps are not for whoever sits there next.
      return reply.code(204).header('clear-site-data', '"cache"').send(null);
    },
  );

  server.post(
    '/auth/password',
    {
      config: { access: 'signed-in', audit: 'change' },
      schema: {
        tags: ['People'],
        operationId: 'changePassword',
        summary: 'Change the password; every other session ends',
        querystring: noQuery,
        body: passwordChangeSchema,
        response: { 204: goneSchema, 401: problemSchema, 422: problemSchema },
      },
    },
    async (request, reply) => {
      const account = await ownAccount(context, request);
      const origin = { address: request.ip, device: readCookie(request, 'device') };
      await signIn.confirm(account, request.body.old, origin);
      await checkNewPassword(request.body.new, { name: account.name, minLength });
      await setPasswordHash(sql, account.id, await passwords.hash(request.body.new));
      await endSessions(sql, account.id);
      await startPage(reply, context, account);
      return reply.code(204).send(null);
    },
  );
}

function linkIsOver(): AlprError {
  return new AlprError(
    'SIGN_IN_FAILED',
    'This link was used, or is over; start the program again for another one, or run alpr users reset NAME',
  );
}

async function describeMe({ sql, accounts }: ApiContext, principal: Principal | undefined): Promise<Me> {
  if (!principal) return { who: null };
  const { kind, id, name, permissions, scope } = principal;
  const account = kind === 'person' ? await findAccount(sql, { id }) : undefined;
  return {
    who: {
      kind,
      id,
      name,
      role: account?.role ?? null,
      permissions: [...permissions].sort(),
      scope: scope ? { cameras: scope.cameras, sites: scope.sites } : null,
      language: account?.language ?? null,
      time_zone: account?.timeZone ?? null,
      has_password: account?.passwordHash !== undefined,
      second_factor: account?.totpSecret !== undefined,
      must_add_second_factor: accounts.second_factor === 'required' && account?.lacksFactor === true,
    },
  };
}
