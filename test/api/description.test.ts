import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

const content = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }));
const operationSchema = z.object({
  operationId: z.string(),
  tags: z.array(z.string()),
  responses: z.record(z.string(), z.object({ description: z.string(), content: content.optional() })),
});
const documentSchema = z.object({
  servers: z.array(z.object({ url: z.string() })),
  security: z.array(z.unknown()),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

let back: BackEnd;
let text: string;
let document: z.infer<typeof documentSchema>;

beforeAll(async () => {
  back = await openBackEnd();
  text = await (await back.get('/openapi.json')).text();
  document = documentSchema.parse(JSON.parse(text));
});
afterAll(() => back[Symbol.asyncDispose]());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
  );
const typesOf = (name: string, status: string) =>
  Object.keys(operations().find((one) => one.name === name)?.responses[status]?.content ?? {});

test('the description fits the schema of OpenAPI 3.1, and all its references lead somewhere', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(text));
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  expect([...new Set(named)].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
});

test('every operation has an id of its own, and every group says what it is', () => {
  const ids = operations().map(({ operationId }) => operationId);
  expect(ids).toHaveLength(new Set(ids).size);
  expect(ids.length).toBeGreaterThan(15);
  const described = new Set(document.tags.map(({ name }) => name));
  expect(operations().filter(({ tags }) => !tags.every((tag) => described.has(tag)))).toEqual([]);
});

test('events, problems and answers are named components', () => {
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['PlateEvent', 'EventPage', 'SearchAnswer', 'CameraStatus', 'Problem', 'Health']),
  );
  expect(document.components.schemas.Problem).toMatchObject({
    required: expect.arrayContaining(['type', 'title', 'status', 'code', 'message']),
    // Shapes of other systems add their own.
    additionalProperties: true,
  });
});

test('whatever goes wrong is a problem', () => {
  const others = operations().flatMap(({ name, responses }) =>
    Object.entries(responses)
      .filter(([status]) => /^4|default/.test(status))
      .filter(([, { content: given = {} }]) => Object.keys(given).join() !== 'application/problem+json')
      .map(([status]) => `${name} ${status}`),
  );
  expect(others).toEqual([]);
  expect(operations().every(({ responses }) => '400' in responses && 'default' in responses)).toBe(true);
});

test('pictures are image/jpeg, metrics are text, and the live stream has its events', () => {
  expect(typesOf('get /cameras/{id}/picture.jpg', '200')).toEqual(['image/jpeg']);
  expect(typesOf('get /images/{key}', '200')).toEqual(['image/jpeg']);
  expect(typesOf('get /metrics', '200')).toEqual(['text/plain', 'application/openmetrics-text']);
  expect(typesOf('get /live', '200')).toEqual(['text/event-stream']);
  const live = JSON.stringify(document.components.schemas.LiveEvent);
  for (const name of ['plate', 'boxes', 'camera']) expect(live).toContain(`"const":"${name}"`);
});

test('every pattern is one that dialects without Unicode classes read', () => {
  const patterns: string[] = [];
  JSON.parse(text, (key, value: unknown) => {
    if (key === 'pattern' && typeof value === 'string') patterns.push(value);
    return value;
  });
  expect(patterns.length).toBeGreaterThan(3);
  expect(patterns.filter((pattern) => /\\[pP]\{|\\u\{/.test(pattern))).toEqual([]);
  for (const pattern of patterns) expect(() => new RegExp(pattern), pattern).not.toThrow();
});

test('the paths answer below the version, as the description says, and without it', async () => {
  expect(document.servers[0]?.url).toBe('/api/v1');
  for (const path of ['/health', '/events/recent', '/search/facets', '/cameras', '/stats', '/openapi.json']) {
    const [with_, without] = await Promise.all([back.get(`/api/v1${path}`), back.get(path)]);
    expect([path, with_.status, without.status]).toEqual([path, 200, 200]);
    expect(with_.headers.get('content-type')).toBe(without.headers.get('content-type'));
  }
  expect((await back.get('/api/v2/health')).status).toBe(404);
  expect((await back.get('/api/v1')).status).toBe(404);
});
