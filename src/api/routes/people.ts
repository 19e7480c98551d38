import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import type { Role, Scope } from '../../contract/access.ts';
import { noQuery } from '../../contract/api/fields.ts';
import {
  type Invited,
  invitedSchema,
  newPersonSchema,
  type Person,
  personChangeSchema,
  personListSchema,
  personParamsSchema,
  personResetSchema,
  personSchema,
} from '../../contract/api/people.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { covers, requireOwn } from '../../identity/grants.ts';
import { ROLES } from '../../identity/roles.ts';
import { changePerson, findPerson, listPeople, takePassword } from '../../store/people.ts';
import { createAccount } from '../../store/sign-in/accounts.ts';
import { createAccountLink } from '../../store/sign-in/links.ts';
import { removeTotp } from '../../store/sign-in/second-factor.ts';
import { endSessions } from '../../store/sign-in/sessions.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['People'];
const answers = { 404: problemSchema, 409: problemSchema };

/** Accounts of people. Nobody gives, or takes from somebody, what he does not have. */
export function addPeopleRoutes(server: Server, { sql }: ApiContext): void {
  /** Somebody of elsewhere is as one who does not exist. */
  const requirePerson = async (request: FastifyRequest, id: string): Promise<Person> => {
    const person = await findPerson(sql, id);
    if (!person || !covers(scopeOf(request), person.scope ?? undefined)) {
      throw new AlprError('NOT_FOUND', `There is nobody ${id}; /people lists who there is`);
    }
    requireOwnRole(request, person.role, person.scope ?? undefined);
    return person;
  };
  const invite = async ({ id, name }: Person): Promise<Invited['link']> =>
    `/setup#${new URLSearchParams({ token: await createAccountLink(sql, id), name })}`;

  server.get(
    '/people',
    {
      config: { access: 'people', audit: 'view' },
      schema: {
        tags,
        operationId: 'listPeople',
        summary: 'Everybody with an account, by name',
        querystring: noQuery,
        response: { 200: personListSchema },
      },
    },
    async (request) => {
      const people = await listPeople(sql);
      return { people: people.filter(({ scope }) => covers(scopeOf(request), scope ?? undefined)) };
    },
  );

  server.post(
    '/people',
    {
      config: { access: 'people', audit: 'change' },
      schema: {
        tags,
        operationId: 'addPerson',
        summary: 'Add somebody; the link in the answer leads to a first password',
        querystring: noQuery,
        body: newPersonSchema,
        response: { 201: invitedSchema, ...answers },
      },
    },
    async (request, reply) => {
      const { name, role, scope } = request.body;
      requireOwnRole(request, role, scope ?? undefined);
      const id = await createAccount(sql, { name, role, scope: scope ?? undefined });
      const person = await requirePerson(request, id);
      request.auditNote.query = { person: id, ...request.body };
      return reply.code(201).send({ person, link: await invite(person) });
    },
  );

  server.patch(
    '/people/:id',
    {
      config: { access: 'people', audit: 'change' },
      schema: {
        tags,
        operationId: 'changePerson',
        summary: 'Change what somebody may do and see, or let them in no more',
        params: personParamsSchema,
        querystring: noQuery,
        body: personChangeSchema,
        response: { 200: personSchema, ...answers },
      },
    },
    async (request) => {
      const { id } = request.params;
      const before = await requirePerson(request, id);
      const { role = before.role, scope = before.scope } = request.body;
      requireOwnRole(request, role, scope ?? undefined);
      const person = (await changePerson(sql, id, request.body)) ?? before;
      if (request.body.disabled) await endSessions(sql, id);
      request.auditNote.query = { person: id, name: person.name, ...request.body };
      return person;
    },
  );

  server.post(
    '/people/:id/reset',
    {
      config: { access: 'people', audit: 'change' },
      schema: {
        tags,
        operationId: 'resetPerson',
        summary: 'Take password and sessions away; the link in the answer leads to a new password',
        params: personParamsSchema,
        querystring: noQuery,
        body: personResetSchema,
        response: { 200: invitedSchema, ...answers },
      },
    },
    async (request) => {
      const { id } = await requirePerson(request, request.params.id);
      await takePassword(sql, id);
      if (request.body.second_factor) await removeTotp(sql, id);
      await endSessions(sql, id);
      const person = await requirePerson(request, id);
      request.auditNote.query = { person: id, name: person.name, ...request.body };
      return { person, link: await invite(person) };
    },
  );
}

function requireOwnRole(request: FastifyRequest, role: Role, scope: Scope): void {
  requireOwn(whoAsks(request), { permissions: ROLES[role], scope });
}
