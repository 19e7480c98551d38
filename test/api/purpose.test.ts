import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkPurpose } from '../../src/audit/purposes.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

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

test('without a list any short text is a purpose', () => {
  const rules = { purposes: [], require_purpose: true, case_number: null, require_case_number: false };
  expect(() => checkPurpose(rules, { purpose: 'whatever', caseNumber: undefined })).not.toThrow();
  expect(() => checkPurpose(rules, { purpose: 'x'.repeat(65), caseNumber: undefined })).toThrow('up to 64 characters');
});
