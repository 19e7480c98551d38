import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Server } from '../../src/api/context.ts';
import { ROUTES } from '../../src/api/routes.ts';
import type { Permission, Role, Scope } from '../../src/contract/access.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { startSession } from '../../src/store/sign-in/sessions.ts';
import { insertAlert, makeAlert } from '../store/make-alert.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, makeStatus, openBackEnd } from './api-fixture.ts';

const PERMISSIONS: readonly Permission[] = [
  'events:read',
  'search',
  'images',
  'export',
  'read',
  'events:write',
  'alerts',
  'gate',
  'audit',
  'privacy',
  'people',
  'cameras',
  'system',
  'metrics',
];

const ROLES: Readonly<Record<Role, readonly Permission[]>> = {
  admin: PERMISSIONS,
  operator: [
    'events:read',
    'search',
    'images',
    'export',
    'read',
    'events:write',
    'alerts',
    'gate',
    'cameras',
    'system',
  ],
  viewer: ['events:read', 'images'],
  auditor: ['audit', 'system'],
};

const EVENT = (site: string, camera: string, text: string) => {
  const event = makeEvent({ camera, text });
  const key = `${site}/${camera}/2026/01/01/${event.event_id}/1-plate.jpg`;
  const picture = { key, sha256: '0'.repeat(64), w: 1, h: 1 };
  return { ...event, site_id: site, images: { plate: picture, vehicle: picture, frame: picture } };
};
const mine = EVENT('yard', 'yard-in', 'MY12MNE');
const theirs = EVENT('vault', 'vault-in', 'TH99RRS');
const NOBODY = '01900000-0000-7000-8000-000000000000';
const [OURS, THEIRS] = ['01900000-0000-5000-8000-000000000001', '01900000-0000-5000-8000-000000000002'];

/**
 * What every operation asks for: `public`, or a permission. Where it shows events of places, an address that shows ours, and one
 * for theirs with one for what is nowhere, which must be answered alike.
 */
type Row = readonly [
  may: Permission | 'public' | 'signed-in',
  ours?: string | undefined,
  theirs?: string,
  nowhere?: string,
];

const keyOf = ({ images }: typeof mine) => images.plate.key;
const TABLE: Readonly<Record<string, Row>> = {
  'get /health': ['public'],
  'get /health/live': ['public'],
  'get /stats': ['events:read', '/stats'],
  'get /events/recent': [
    'events:read',
    '/events/recent',
    '/events/recent?camera=vault-in',
    '/events/recent?camera=nowhere',
  ],
  'get /events/plate/{text}': ['search', '/events/plate/MY12MNE', '/events/plate/TH99RRS', '/events/plate/NO55ONE'],
  'get /events/camera/{id}': [
    'events:read',
    '/events/camera/yard-in',
    '/events/camera/vault-in',
    '/events/camera/nowhere',
  ],
  'get /events/{id}': ['events:read', `/events/${mine.event_id}`, `/events/${theirs.event_id}`, `/events/${NOBODY}`],
  'get /events/search': ['search', '/events/search?q=MY12MNE', '/events/search?q=TH99RRS', '/events/search?q=NO55ONE'],
  'get /search/fulltext': [
    'search',
    '/search/fulltext?q=MY12MNE',
    '/search/fulltext?q=TH99RRS',
    '/search/fulltext?q=NO55ONE',
  ],
  'get /review/queue': ['events:write', undefined, '/review/queue?camera=vault-in', '/review/queue?camera=nowhere'],
  'post /events/{id}/review': ['events:write'],
  'get /events/export': [
    'export',
    '/events/export?format=ndjson',
    '/events/export?format=ndjson&camera=vault-in',
    '/events/export?format=ndjson&camera=nowhere',
  ],
  'get /events/{id}/evidence': ['export'],
  'get /plates/{text}': ['search', '/plates/MY12MNE', '/plates/TH99RRS', '/plates/NO55ONE'],
  'post /plates/{text}/notes': ['events:write'],
  'get /events/{id}/notes': ['events:read', undefined, `/events/${theirs.event_id}/notes`, `/events/${NOBODY}/notes`],
  'post /events/{id}/notes': ['events:write'],
  'delete /notes/{note}': ['events:write'],
  'get /saved-searches': ['search'],
  'post /read': ['read'],
  'post /v1/plate-reader/': ['read'],
  'post /v1/vision/alpr': ['read'],
  'post /v1/vision/custom/list': ['read'],
  'get /v1/status/ping': ['read'],
  'get /v1/status/updateavailable': ['read'],
  'post /saved-searches': ['search'],
  'patch /saved-searches/{id}': ['search'],
  'delete /saved-searches/{id}': ['search'],
  'post /search/query': ['search'],
  'get /search/facets': ['search', '/search/facets', '/search/facets?site=vault', '/search/facets?site=nowhere'],
  'get /search/analytics': [
    'search',
    '/search/analytics?camera=yard-in',
    '/search/analytics?camera=vault-in',
    '/search/analytics?camera=nowhere',
  ],
  'get /images/{key}': [
    'images',
    `/images/${keyOf(mine)}`,
    `/images/${keyOf(theirs)}`,
    `/images/nowhere/${NOBODY}/1.jpg`,
  ],
  'get /cameras': ['events:read', '/cameras'],
  'get /cameras/settings': ['cameras'],
  'post /cameras/settings': ['cameras'],
  'put /cameras/settings/{id}': ['cameras'],
  'post /cameras/settings/{id}/pause': ['cameras'],
  'post /cameras/settings/{id}/resume': ['cameras'],
  'delete /cameras/settings/{id}': ['cameras'],
  'post /cameras/settings/try': ['cameras'],
  'get /cameras/{id}/picture.jpg': [
    'images',
    '/cameras/yard-in/picture.jpg',
    '/cameras/vault-in/picture.jpg',
    '/cameras/nowhere/picture.jpg',
  ],
  'get /live': ['events:read'],
  'get /alerts': ['events:read', '/alerts', '/alerts?camera=vault-in', '/alerts?camera=nowhere'],
  'get /alerts/of-events': [
    'events:read',
    undefined,
    `/alerts/of-events?ids=${theirs.event_id}`,
    `/alerts/of-events?ids=${NOBODY}`,
  ],
  'get /alerts/{alert}': ['events:read', `/alerts/${OURS}`, `/alerts/${THEIRS}`, `/alerts/${NOBODY}`],
  'patch /alerts/{alert}': ['events:write'],
  'get /mutes': ['alerts'],
  'post /mutes': ['alerts'],
  'delete /mutes/{mute}': ['alerts'],
  'get /lists': ['alerts'],
  'put /lists/{list}': ['alerts'],
  'delete /lists/{list}': ['alerts'],
  'get /lists/{list}/entries': ['alerts'],
  'put /lists/{list}/entries/{plate}': ['alerts'],
  'delete /lists/{list}/entries/{plate}': ['alerts'],
  'get /lists/{list}/file': ['alerts'],
  'post /lists/{list}/file': ['alerts'],
  'get /rules': ['alerts'],
  'put /rules/{rule}': ['alerts'],
  'delete /rules/{rule}': ['alerts'],
  'post /rules/check': ['alerts'],
  'post /rules/back-test': ['alerts'],
  'get /channels': ['alerts'],
  'put /channels/{channel}': ['alerts'],
  'delete /channels/{channel}': ['alerts'],
  'post /channels/{channel}/test': ['alerts'],
  'get /deliveries': ['alerts'],
  'post /deliveries/replay': ['alerts'],
  'get /gate/channels': ['gate'],
  'post /gate/open': ['gate'],
  'get /push/key': ['events:read'],
  'post /push/subscriptions': ['events:read'],
  'delete /push/subscriptions': ['events:read'],
  'post /alerts/channels/{channel}/status': ['public'],
  'get /metrics': ['metrics'],
  'get /auth/ways': ['public'],
  'get /auth/me': ['public'],
  'patch /auth/me': ['signed-in'],
  'post /auth/setup': ['public'],
  'post /auth/setup/check': ['public'],
  'post /auth/login': ['public'],
  'post /auth/logout': ['signed-in'],
  'post /auth/password': ['signed-in'],
  'post /auth/token': ['public'],
  'get /auth/oidc': ['public'],
  'get /auth/oidc/callback': ['public'],
  'get /auth/sessions': ['signed-in'],
  'delete /auth/sessions/{id}': ['signed-in'],
  'post /auth/totp': ['signed-in'],
  'post /auth/totp/confirm': ['signed-in'],
  'delete /auth/totp': ['signed-in'],
  'get /auth/purpose': ['signed-in'],
  'post /auth/purpose': ['signed-in'],
  'get /audit': ['audit'],
  'get /audit/summary': ['audit'],
  'get /audit/alarms': ['audit'],
  'post /audit/alarms/{id}/seen': ['audit'],
  'get /audit/export': ['audit'],
  'get /audit/state': ['audit'],
  'get /privacy/inventory': ['privacy'],
  'get /privacy/retention': ['privacy'],
  'get /privacy/holds': ['privacy'],
  'post /privacy/holds': ['privacy'],
  'post /privacy/holds/{id}/end': ['privacy'],
  'get /privacy/erasures': ['privacy'],
  'get /privacy/erasures/{id}': ['privacy'],
  'post /privacy/erasures': ['privacy'],
  'get /privacy/subject-access': ['privacy'],
  'get /people': ['people'],
  'post /people': ['people'],
  'patch /people/{id}': ['people'],
  'post /people/{id}/reset': ['people'],
  'get /tokens': ['people'],
  'post /tokens': ['people'],
  'post /tokens/{id}/rotate': ['people'],
  'delete /tokens/{id}': ['people'],
};

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
    for (const [who, authorization, permissions] of callers) {
      const walk = (names: readonly string[]) =>
        Promise.all(
          names.map(async (name) => {
            const [may = 'public'] = TABLE[name] ?? [];
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
