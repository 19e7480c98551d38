import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ApiContext, Server } from '../../src/api/context.ts';
import { ROUTES } from '../../src/api/routes.ts';
import type { Api } from '../../src/api/server.ts';
import { cameraParamsSchema } from '../../src/contract/api/cameras.ts';
import { noQuery } from '../../src/contract/api/fields.ts';
import { problemSchema } from '../../src/contract/api/problem.ts';
import { listEvents } from '../../src/store/events.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

const latestSchema = z.strictObject({ camera: z.string(), latest: z.string().nullable() });

/** A route that somebody adds: all it takes is its schema, this, and its line in the table. */
function addTrialRoutes(server: Server, { sql }: ApiContext): void {
  server.get(
    '/cameras/:id/latest',
    {
      config: { access: 'events:read' },
      schema: {
        tags: ['Cameras'],
        summary: 'The newest event of a camera',
        params: cameraParamsSchema,
        querystring: noQuery,
        response: { 200: latestSchema, 400: problemSchema },
      },
    },
    async ({ params: { id } }) => {
      const { items } = await listEvents(sql, { scope: undefined, camera: id }, { limit: 1 });
      return { camera: id, latest: items[0] === undefined ? null : JSON.parse(items[0]).event_id };
    },
  );
}

let back: BackEnd;
let trial: Api;
const event = makeEvent({ camera: 'north' });

beforeAll(async () => {
  back = await openBackEnd();
  await back.publish([event]);
  trial = await back.open({ port: 0 }, [...ROUTES, addTrialRoutes]);
});
afterAll(async () => {
  await trial[Symbol.asyncDispose]();
  await back[Symbol.asyncDispose]();
});

const ask = (address: string, method = 'GET') =>
  fetch(trial.url + address, { method, headers: { authorization: back.authorization } });

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ tags: z.array(z.string()), summary: z.string(), responses: z.record(z.string(), z.unknown()) }),
    ),
  ),
});

async function readDescription(): Promise<z.infer<typeof documentSchema>['paths']> {
  const answer = await ask('/openapi.json');
  return documentSchema.parse(await answer.json()).paths;
}

describe('A route that is added to the table', () => {
  test('answers from the store and refuses what its schema does not know', async () => {
    const answer = await ask('/cameras/north/latest');
    expect(await answer.json()).toEqual({ camera: 'north', latest: event.event_id });
    const refused = await ask('/cameras/north/latest?since=today');
    expect(refused.status).toBe(400);
    expect(problemSchema.parse(await refused.json()).code).toBe('INPUT_INVALID');
  });

  test('is in the description with the schema of its answer', async () => {
    const operation = (await readDescription())['/cameras/{id}/latest']?.get;
    expect(operation?.summary).toBe('The newest event of a camera');
    expect(JSON.stringify(operation?.responses['200'])).toContain('"latest"');
  });

  test('is closed to whoever does not sign in', async () => {
    const refused = await fetch(`${trial.url}/cameras/north/latest`);
    expect([refused.status, problemSchema.parse(await refused.json()).code]).toEqual([401, 'SIGN_IN']);
  });

  test('keeps the server from starting as long as it does not say who may call it', async () => {
    const addOpen = (server: Server) => void server.get('/open', async () => 'everything');
    await expect(back.open({ port: 0 }, [...ROUTES, addOpen])).rejects.toThrow('/open to say who may call it');
  });

  test('is measured under its own name', async () => {
    expect(await (await ask('/metrics')).text()).toContain('{route="/cameras/:id/latest",method="GET",status="200"} 1');
  });
});

describe('Every route', () => {
  test('has a group and a sentence in the description, and refuses a query that it does not know', async () => {
    const faults: string[] = [];
    for (const [path, operations] of Object.entries(await readDescription())) {
      for (const { tags, summary } of Object.values(operations)) {
        if (tags.length !== 1 || !/^[A-Z].*[^.]$/.test(summary)) faults.push(`${path}: ${tags.join()} ${summary}`);
      }
      const address = path.replace('/events/{id}', `/events/${event.event_id}`).replaceAll(/\{\W?\w*\}/g, 'north');
      const [method = 'get'] = Object.keys(operations);
      // RFC 6749, 4.1.2: what a provider adds is ignored.
      if (path === '/auth/oidc/callback') continue;
      const answer = await ask(`${address}?nobody_knows=1`, method);
      if (answer.status !== 400) faults.push(`${path}: ${answer.status}`);
    }
    expect(faults).toEqual([]);
  });
});

test('A request in progress is answered while the server closes, and later ones are not', async () => {
  const [entered, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const addSlow = (server: Server) => {
    const schema = { tags: ['Cameras'], summary: 'Slow', querystring: noQuery, response: { 200: z.object({}) } };
    server.get('/slow', { config: { access: 'public' }, schema }, async () => {
      entered.resolve();
      await free.promise;
      return {};
    });
  };
  const api = await back.open({ port: 0 }, [...ROUTES, addSlow]);
  const asking = fetch(`${api.url}/slow`);
  await entered.promise;
  const closing = api[Symbol.asyncDispose]();
  await expect.poll(() => fetch(`${api.url}/health/live`).catch(() => 'refused')).toBe('refused');
  free.resolve();
  expect((await asking).status).toBe(200);
  await closing;
});
