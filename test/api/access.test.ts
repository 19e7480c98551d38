import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Server } from '../../src/api/context.ts';
import { ROUTES } from '../../src/api/routes.ts';
import type { Permission, Role, Scope } from '../../src/contract/access.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { startSession } from '../../src/store/sign-in/sessions.ts';
import { insertAlert, makeAlert } from '../store/make-alert.ts';
import { THOROUGH } from '../thorough.ts';
import { keyOf, mine, NOBODY, OURS, PERMISSIONS, ROLES, type Row, TABLE, THEIRS, theirs } from './access-table.ts';
import { type BackEnd, makeStatus, openBackEnd } from './api-fixture.ts';

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ security: z.array(z.unknown()), 'x-permission': z.string().optional(), responses: z.looseObject({}) }),
    ),
  ),
});

let back: BackEnd;
let operations: readonly (readonly [string, z.infer<typeof documentSchema>['paths'][string][string]])[];

beforeAll(async () => {
  back = await openBackEnd();
  for (const event of [mine, theirs]) {
    await back.publish([event]);
    await back.images.put(keyOf(event), new Uint8Array([0xff, 0xd8, 1]), 'image/jpeg');
    await insertAlert(back.sql, makeAlert({ alert_id: event === mine ? OURS : THEIRS, event }));
    const { camera_id, site_id } = event;
    await back.publishCamera({ ...makeStatus(camera_id), site_id });
    const meta = { camera_id, site_id, at: '2026-01-01T00:00:00.000Z', width: 4, height: 2, tracks: [] };
    await back.publishPicture(meta, new Uint8Array([0xff, 0xd8, 1]));
    const said = { service: 'edge', instance: `${site_id}-pc`, at: new Date().toISOString(), every_s: 15, values: [] };
    await back.publishMetrics({ schema_version: 1, site_id, ...said });
  }
  const { paths } = documentSchema.parse(await (await back.get('/openapi.json')).json());
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
});
afterAll(() => back[Symbol.asyncDispose]());

async function tokenFor(permissions: readonly Permission[], scope?: Scope): Promise<string> {
  const { secret } = await createApiToken(back.sql, { name: permissions.join(), permissions, scope });
  return `Bearer ${secret}`;
}

/** Ends the session of whoever walks. */
const LAST = 'post /auth/logout';

type Caller = readonly [who: string, authorization: string | undefined, permissions: readonly Permission[]];

/** A person of that role who has signed in with a browser. */
async function signIn(role: Role): Promise<string> {
  const account = await createAccount(back.sql, { name: role, role });
  const lifetimes = { idle_minutes: 60, max_hours: 1 };
  const place = { address: '127.0.0.1', userAgent: 'test', lifetimes };
  return `alpr-session=${(await startSession(back.sql, { account, kind: 'page', ...place })).secret}`;
}

async function ask(address: string, authorization: string | undefined, method = 'GET') {
  const abort = new AbortController();
  const isPage = authorization?.startsWith('alpr-session=');
  const own = { cookie: authorization ?? '', origin: back.url, 'x-requested-with': 'alpr' };
  const headers = { 'content-type': 'application/json', ...(isPage ? own : authorization && { authorization }) };
  const body = /post|put|patch/i.test(method) ? { body: '[]' } : {};
  const response = await fetch(back.url + address, { method, headers, signal: abort.signal, ...body });
  const isEndless = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const text = isEndless ? '' : await response.text();
  abort.abort();
  return { status: response.status, text };
}

/** Whether a caller comes past the guard with a request that the route then finds nothing to do for. */
async function isLetIn(operation: string, authorization: string | undefined): Promise<boolean | 'unknown'> {
  const [method = '', path = ''] = operation.split(' ');
  const address = path.replace('{key}', 'a.jpg').replaceAll(/\{\w+\}/g, NOBODY);
  const { status } = await ask(address, authorization, method.toUpperCase());
  if (status === (authorization === undefined ? 401 : 403)) return false;
  return status < 500 && status !== 401 ? true : 'unknown';
}

describe('Every route of the description', () => {
  test('stands in the table of this test with what it asks for, and says so itself', () => {
    expect(operations.map(([name]) => name).toSorted()).toEqual(Object.keys(TABLE).toSorted());
    for (const [name, operation] of operations) {
      const [may] = TABLE[name] ?? [];
      expect([name, operation['x-permission'] ?? 'public'], name).toEqual([name, may]);
      const isOpen = may === 'public';
      expect(operation.security, name).toEqual(isOpen ? [] : [{ session: [] }, { token: [] }]);
      const refusals = ['401', '403'].filter((status) => status in operation.responses);
      if (!isOpen) expect(refusals, name).toEqual(['401', '403']);
    }
  });

  test('is in the description, but for the page and its files', async () => {
    const hidden = new Set<string>();
    const collect = (server: Server) =>
      void server.addHook('onRoute', ({ url, schema, method }) => {
        if ((schema === undefined || schema.hide) && [method].flat().includes('GET')) hidden.add(url);
      });
    await using _ = await back.open({ port: 0 }, [collect, ...ROUTES]);
    const refusing = operations.flatMap(([name]) => (name.startsWith('get ') ? [] : [name.replace(/^\w+ /, '')]));
    expect([...hidden].filter((url) => !refusing.includes(url.replaceAll(/:(\w+)/g, '{$1}'))).toSorted()).toEqual([
      '/',
      '/*',
      '/setup',
    ]);
  });

  test('lets in those alone who have its permission: nobody, each role, each single permission', async () => {
    const people = Object.entries(ROLES).map(
      async ([role, may]) => [role, await signIn(role as Role), may] satisfies Caller,
    );
    const tokens = PERMISSIONS.map(async (one) => [`token ${one}`, await tokenFor([one]), [one]] satisfies Caller);
    const callers: readonly Caller[] = [['nobody', undefined, []], ...(await Promise.all([...people, ...tokens]))];
    const faults: string[] = [];
    for (const [turn, [who, authorization, permissions]] of callers.entries()) {
      const walk = (names: readonly string[]) =>
        Promise.all(
          names.map(async (name, at) => {
            const [may = 'public'] = TABLE[name] ?? [];
            // Of what asks for another permission, each token tries a quarter, and each is tried by a quarter of the tokens.
            const isOther = who.startsWith('token') && !permissions.some((one) => one === may);
            if (isOther && !THOROUGH && (at + turn) % 4 !== 0) return;
            // What is about a person's own account says itself what it does for a token.
            if (may === 'signed-in' && who.startsWith('token')) return;
            const expected = may === 'public' || (may === 'signed-in' ? who !== 'nobody' : permissions.includes(may));
            const found = await isLetIn(name, authorization);
            if (found !== expected) faults.push(`${who}: ${name}: ${found}`);
          }),
        );
      const names = operations.map(([name]) => name).filter((name) => name !== LAST);
      await walk(names);
      await walk([LAST]);
    }
    expect(faults).toEqual([]);
  }, 60_000);
});

describe('Whoever may see one site', () => {
  const isShown = ([, [, ours, other]]: readonly [string, Row]) => ours !== undefined || other !== undefined;
  const signs = /vault|TH99RRS/;
  let yard: string;
  beforeAll(async () => {
    yard = await tokenFor(PERMISSIONS, { cameras: [], sites: ['yard'] });
  });

  test.each(Object.entries(TABLE).filter(isShown))(
    '%s shows it, nothing of another, and does not tell that this exists',
    async (_, row) => {
      const [, ours, other, nowhere] = row;
      if (ours !== undefined) {
        const seen = await ask(ours, yard);
        expect(seen.status).toBe(200);
        if (!/images|picture|stats|analytics|plates/.test(ours)) expect(seen.text).toMatch(/yard/);
        expect(seen.text).not.toMatch(signs);
      }
      if (other === undefined || nowhere === undefined) return;
      if (ours !== undefined)
        expect((await ask(other, back.authorization)).text).toMatch(/vault|TH99RRS|\ufffd|"events":1/);
      const [refused, missing] = [await ask(other, yard), await ask(nowhere, yard)];
      // An answer may repeat what was asked for.
      const plain = (text: string) =>
        text.replaceAll(/vault-in|nowhere|TH99RRS|NO55ONE|[0-9a-f-]{36}|[0-9.T:-]{23}Z/g, '…');
      expect([refused.status, plain(refused.text)]).toEqual([missing.status, plain(missing.text)]);
    },
  );

  test('gets counts of it alone', async () => {
    const [all, own] = [await back.getJson('/stats'), JSON.parse((await ask('/stats', yard)).text)];
    expect([all, own]).toMatchObject([
      { events_total: 2, unique_plates_24h: 2, per_camera: [{}, {}], top_plates: [{}, {}] },
      {
        events_total: 1,
        unique_plates_24h: 1,
        per_camera: [{ camera_id: 'yard-in' }],
        top_plates: [{ text: 'MY12MNE' }],
      },
    ]);
    expect(own.per_hour.reduce((sum: number, { events }: { events: number }) => sum + events, 0)).toBe(1);
  });

  test('gets nothing of what is about everything', async () => {
    const about = operations
      .map(([name]) => name)
      .filter((name) => /alerts|audit|privacy|metrics/.test(TABLE[name]?.[0] ?? ''));
    expect(about.length).toBeGreaterThan(4);
    expect(await Promise.all(about.map((name) => isLetIn(name, yard)))).toEqual(about.map(() => false));
  });

  test('gets the states of its own cameras as health', async () => {
    expect(JSON.parse((await ask('/health', yard)).text).cameras).toEqual([expect.objectContaining({ id: 'yard-in' })]);
  });
});

describe('The health', () => {
  test('is told to nobody but as one word', async () => {
    for (const authorization of [undefined, 'Bearer alpr_wrong', await tokenFor(['events:read'])]) {
      expect(await ask('/health', authorization)).toEqual({ status: 200, text: '{"status":"ok"}' });
    }
    expect(JSON.parse((await ask('/health', await tokenFor(['system']))).text)).toMatchObject({
      database: { ok: true },
    });
  });
});
