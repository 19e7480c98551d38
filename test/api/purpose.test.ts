import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkPurpose } from '../../src/audit/purposes.ts';
import type { AuditPage } from '../../src/contract/api/audit.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';
import { codeOf, makeAccounts, OwnBrowser, PASSWORD } from './own-browser.ts';

let back: BackEnd;
const event = makeEvent({ text: 'AB12CDE' });

beforeAll(async () => {
  back = await openBackEnd(undefined, {
    purposes: ['theft', 'parking'],
    require_purpose: true,
    case_number: String.raw`\d{4}-\d+`,
    require_case_number: true,
  });
  await back.publish([event]);
});
afterAll(() => back[Symbol.asyncDispose]());

test('whatever shows plates asks what for, and says what is allowed', async () => {
  const addresses = [
    '/events/recent',
    '/events/search?q=AB',
    `/events/${event.event_id}`,
    '/images/cam/none.jpg',
    '/live',
  ];
  for (const address of addresses) {
    const answer = await back.get(address);
    expect([answer.status, await answer.json()], address).toEqual([
      403,
      expect.objectContaining({ code: 'PURPOSE_REQUIRED', message: expect.stringContaining('one of: theft, parking') }),
    ]);
  }
  expect((await back.get('/cameras')).status).toBe(200);
  expect((await back.get('/audit')).status).toBe(200);
});

test('changes that show events ask as well, and the audit keeps what every change was for', async () => {
  const change = (address: string, body: object, said: Record<string, string> = {}) =>
    fetch(back.url + address, {
      method: 'POST',
      headers: { authorization: back.authorization, 'content-type': 'application/json', ...said },
      body: JSON.stringify(body),
    });
  const subject = { plate: 'ZZ99ZZZ' };
  const [review, erasure] = [`/events/${event.event_id}/review`, { subject, reason: 'asked', dry_run: true }];
  expect(await codeOf(await change(review, { action: 'confirm' }))).toEqual([403, 'PURPOSE_REQUIRED']);
  expect(await codeOf(await change('/privacy/erasures', erasure))).toEqual([403, 'PURPOSE_REQUIRED']);
  expect(await codeOf(await change('/privacy/holds', { subject, reason: 'asked' }))).toEqual([403, 'PURPOSE_REQUIRED']);
  const said = { 'x-purpose': 'theft', 'x-case-number': '2026-17' };
  expect((await change('/privacy/erasures', erasure, said)).status).toBe(200);
  const token = { name: 'gate', permissions: ['images'], expires_at: null };
  expect((await change('/tokens', token, said)).status).toBe(201);
  expect((await change('/tokens', token, { 'x-purpose': 'curiosity' })).status).toBe(201);
  const { entries: all } = (await (await back.get('/audit?limit=6')).json()) as AuditPage;
  const entries = all.filter(({ query }) => query.part !== 'begun').slice(0, 3);
  expect(entries).toMatchObject([
    { operation: 'createToken', purpose: null },
    { operation: 'createToken', purpose: 'theft', case_number: '2026-17' },
    { operation: 'erase', purpose: 'theft', case_number: '2026-17' },
  ]);
});

test.each([
  [200, 'theft', '2026-17'],
  [403, 'curiosity', '2026-17'],
  [403, 'theft', '2026-17 or so'],
  [403, 'theft', ''],
])('%i for purpose %s and case number "%s"', async (status, purpose, caseNumber) => {
  const answer = await back.get('/events/recent', { 'x-purpose': purpose, 'x-case-number': caseNumber });
  expect(answer.status).toBe(status);
});

test('a program is told that it sends headers, and what is asked for', async () => {
  expect(await (await back.get('/auth/purpose')).json()).toEqual({
    required: true,
    case_number_required: true,
    purposes: ['theft', 'parking'],
    case_number: String.raw`\d{4}-\d+`,
    current: null,
  });
});

test('a page says it once for its session, also for pictures and streams, and may take it back', async () => {
  await using api = await back.open({ port: 0 }, undefined, makeAccounts());
  const browser = new OwnBrowser(api.url);
  const [, token = ''] = api.setUpLink?.split('#token=') ?? [];
  await browser.post('/auth/setup', { token, name: 'anna', password: PASSWORD });
  expect(await codeOf(await browser.get('/images/cam/none.jpg'))).toEqual([403, 'PURPOSE_REQUIRED']);
  expect(await codeOf(await browser.post('/auth/purpose', { purpose: 'theft', case_number: 'x' }))).toEqual([
    403,
    'PURPOSE_REQUIRED',
  ]);
  const said = await browser.post('/auth/purpose', { purpose: 'theft', case_number: '2026-4' });
  expect(await said.json()).toMatchObject({ current: { purpose: 'theft', case_number: '2026-4' } });
  expect((await browser.get('/events/search?q=AB12')).status).toBe(200);
  expect((await browser.get('/images/cam/none.jpg')).status).toBe(404);
  const { entries } = (await (await browser.get('/audit?person=anna&limit=2')).json()) as AuditPage;
  expect(entries).toMatchObject([
    { operation: 'readImage', who: { kind: 'person', name: 'anna' }, purpose: 'theft', case_number: '2026-4' },
    { operation: 'searchEvents', purpose: 'theft', plates: ['AB12'] },
  ]);
  await browser.post('/auth/purpose', { purpose: null });
  expect((await browser.get('/events/recent')).status).toBe(403);
});

test('without a list any short text is a purpose', () => {
  const rules = { purposes: [], require_purpose: true, case_number: null, require_case_number: false };
  expect(() => checkPurpose(rules, { purpose: 'whatever', caseNumber: undefined })).not.toThrow();
  expect(() => checkPurpose(rules, { purpose: 'x'.repeat(65), caseNumber: undefined })).toThrow('up to 64 characters');
});
