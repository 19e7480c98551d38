import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  erasureAnswerSchema,
  erasureListSchema,
  holdListSchema,
  holdSchema,
  inventorySchema,
  retentionReportSchema,
} from '../../src/contract/api/privacy.ts';
import { problemSchema } from '../../src/contract/api/problem.ts';
import { verifyReport } from '../../src/privacy/report.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { listEntries } from '../../src/store/audit/list-entries.ts';
import { findPlateKey } from '../../src/store/audit/plate-keys.ts';
import { withPictures } from '../privacy/privacy-stand.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

let back: BackEnd;
beforeAll(async () => {
  back = await openBackEnd();
}, 60_000);
afterAll(() => back?.[Symbol.asyncDispose]());

const get = async (address: string) => (await back.get(address)).json();
const post = (address: string, body?: object, authorization = back.authorization) =>
  fetch(back.url + address, {
    method: 'POST',
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });

test('A plate is found, held, released, erased and reported over HTTP', async () => {
  const event = makeEvent({ text: 'AP1ERASE' });
  await back.publish([event, makeEvent({ text: 'STAYS123' })]);
  const inventory = inventorySchema.parse(await get('/privacy/inventory'));
  expect(inventory.places.find(({ place }) => place === 'events')?.count).toBe(2);
  expect(retentionReportSchema.parse(await get('/privacy/retention')).days).toMatchObject({
    events: null,
    pictures: 90,
  });

  const reason = 'Asked by the owner';
  const set = await post('/privacy/holds', { subject: { plate: 'ap1 erase' }, reason, case_number: '2026-17' });
  const hold = holdSchema.parse(await set.json());
  expect(hold).toMatchObject({ plate: 'AP1ERASE', class: 'hold', by: 'test', events: 1 });
  const erasure = { subject: { plate: 'AP1ERASE' }, reason, dry_run: false };
  const refused = await post('/privacy/erasures', erasure);
  expect([refused.status, problemSchema.parse(await refused.json()).message]).toEqual([
    409,
    expect.stringContaining(hold.id),
  ]);
  expect(holdListSchema.parse(await get('/privacy/holds')).holds).toEqual([hold]);
  expect((await post(`/privacy/holds/${hold.id}/end`)).status).toBe(200);
  expect((await post(`/privacy/holds/${hold.id}/end`)).status).toBe(404);
  expect(holdListSchema.parse(await get('/privacy/holds?ended=true')).holds).toMatchObject([
    { id: hold.id, plate: null },
  ]);

  const done = erasureAnswerSchema.parse(await (await post('/privacy/erasures', erasure)).json());
  expect(done).toMatchObject({ signed: true, report: { events: 1 } });
  await back.publish([{ ...event, revision: 2 }]);
  expect((await back.get(`/events/${event.event_id}`)).status).toBe(404);
  const { erasures } = erasureListSchema.parse(await get('/privacy/erasures'));
  expect(erasures).toEqual([expect.objectContaining({ id: done.report.id, by: 'test', events: 1, refused: 1 })]);
  const download = await back.get(`/privacy/erasures/${done.report.id}`);
  expect(download.headers.get('content-disposition')).toContain(`erasure-${done.report.id}.json`);
  expect(verifyReport(await download.text()).report).toEqual(done.report);
  const zip = await back.get('/privacy/subject-access?plate=STAYS123');
  expect([zip.status, zip.headers.get('content-type')]).toEqual([200, 'application/zip']);
  // PK, as every zip begins.
  expect(
    Buffer.from(await zip.arrayBuffer())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
});

test('Pictures that an edge stores after the erasure are shown to nobody and go with their event', async () => {
  const [event, other] = await Promise.all(
    ['P1CTVRE5', '0THERPIC'].map((text) => withPictures(back.images, makeEvent({ text }))),
  );
  const plate = other?.images?.plate;
  if (!event?.images || !plate) throw new Error('expected two events with pictures');
  await back.publish([event]);
  const erasure = { subject: { plate: 'P1CTVRE5' }, reason: 'Asked', dry_run: false };
  expect((await post('/privacy/erasures', erasure)).status).toBe(200);
  const { images } = await withPictures(back.images, event);
  const keys = Object.values(images ?? {}).map(({ key }) => key);
  const statuses = await Promise.all(keys.map(async (key) => (await back.get(`/images/${key}`)).status));
  expect(statuses).toEqual([404, 404, 404]);
  await back.publish([
    { ...event, revision: 2, images: { ...event.images, plate } },
    { ...event, revision: 3, images },
  ]);
  expect(await Promise.all(keys.map((key) => back.images.get(key)))).toEqual([undefined, undefined, undefined]);
  // A picture of another event stays, whatever the message says.
  expect(await back.images.get(plate.key)).toBeDefined();
});

test('An erasure destroys the key of its plate in the audit, makes no new one, and leaves the chain whole', async () => {
  const cipher = back.audit.keys.plates;
  await back.get('/events/plate/N0TN4MED');
  expect(await findPlateKey(back.sql, cipher, 'N0TN4MED')).toBeDefined();
  const asked = { subject: { plate: 'N0TN4MED' }, reason: 'Asked by the owner', dry_run: false };
  const { report } = erasureAnswerSchema.parse(await (await post('/privacy/erasures', asked)).json());
  expect(report.places.find(({ place }) => place === 'audit')?.count).toBe(1);
  const named = await post('/privacy/erasures', { ...asked, reason: 'Asked by the owner of N0TN 4MED' });
  expect(named.status).toBe(400);
  expect(await findPlateKey(back.sql, cipher, 'N0TN4MED')).toBeUndefined();
  const { entries } = await listEntries(back.sql, cipher, { operation: 'listEventsOfPlate', limit: 10 });
  expect(entries).toMatchObject([{ plates: [null] }]);
  const { entries: erasures } = await listEntries(back.sql, cipher, { operation: 'erase', limit: 4 });
  const told = erasures
    .filter(({ query }) => query.part !== 'begun')
    .map(({ query: { change: _, ...query } }) => query);
  expect(told).toEqual([
    { dry_run: false, scrub: false },
    { dry_run: false, scrub: false, reason: 'Asked by the owner' },
  ]);
});

test('Whoever lacks the permission, or may see some cameras only, gets nothing', async () => {
  const some = { name: 'some', permissions: ['privacy'], scope: { cameras: ['gate'], sites: [] } } as const;
  const none = { name: 'none', permissions: ['events:read', 'search'], scope: undefined } as const;
  for (const token of [some, none]) {
    const authorization = `Bearer ${(await createApiToken(back.sql, token)).secret}`;
    const asked = { subject: { plate: 'AP1ERASE' }, reason: 'Curious', dry_run: true };
    expect((await post('/privacy/erasures', asked, authorization)).status).toBe(403);
    for (const address of ['/privacy/inventory', '/privacy/holds', '/privacy/subject-access?plate=AP1ERASE']) {
      expect((await fetch(back.url + address, { headers: { authorization } })).status).toBe(403);
    }
  }
});

test('a body that does not fit is told what was expected, also where it may be one of several', async () => {
  const messageOf = async (address: string, body: object) =>
    problemSchema.parse(await (await post(address, body)).json()).message;
  const either = 'expected either {"plate": "AB12CDE"} or {"event": "<its id>"}';
  for (const subject of [undefined, 'AB12CDE', { plates: ['AB12CDE'] }]) {
    expect(await messageOf('/privacy/erasures', { subject, reason: 'Asked by the owner' })).toContain(
      `The value of subject in the body does not fit: ${either}`,
    );
  }
  expect(await messageOf('/auth/token', { grant_type: 'client_credentials' })).toContain(
    'The value of grant_type in the body does not fit: expected one of password, refresh_token',
  );
});
