import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditPageSchema } from '../../src/contract/api/audit.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

const T0 = Date.now() - 3_600_000;
const events = Array.from({ length: 1203 }, (_, at) =>
  makeEvent({ text: `EX${String(at).padStart(5, '0')}`, camera: at % 3 === 0 ? 'gate' : 'road', at: T0 + at * 1000 }),
);
const newestFirst = events.toReversed();
let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
  await back.publish(events);
});
afterAll(() => back[Symbol.asyncDispose]());

async function readAudit() {
  const { entries } = auditPageSchema.parse(await back.getJson('/audit?operation=exportEvents&limit=500'));
  return entries.toReversed();
}

test('every event that passes the filter comes as one line of JSON, newest first, whatever the page', async () => {
  const response = await back.get('/events/export?format=ndjson&camera=road');
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="events-.*\.ndjson"$/);
  const lines = (await response.text()).split('\n').slice(0, -1);
  expect(lines.map((line) => JSON.parse(line))).toEqual(newestFirst.filter(({ camera_id }) => camera_id === 'road'));
  expect(response.headers.get('x-total-rows')).toBe('802');
});

test('a spreadsheet reads the CSV, and takes nothing in it for a formula', async () => {
  const at = Date.now();
  const nasty = { ...makeEvent({ text: 'EVIL001', camera: 'evil', at }), camera_name: '=HYPERLINK("http://x","a, b")' };
  await back.publish([nasty, { ...makeEvent({ camera: 'evil', at: at + 1 }), camera_name: '\n"two\nlines", @SUM(1)' }]);
  const text = await (await back.get('/events/export?format=csv&camera=evil')).text();
  const rows: Record<string, string>[] = parse(text, { columns: true, bom: true, record_delimiter: '\r\n' });
  expect(rows.map(({ camera_name }) => camera_name)).toEqual([
    '\n"two\nlines", @SUM(1)',
    `'=HYPERLINK("http://x","a, b")`,
  ]);
  expect(rows[1]).toMatchObject({ plate: 'EVIL001', confidence: '0.9', event_id: nasty.event_id });
});

test('a text is searched for as the search does', async () => {
  const lines = (await (await back.get('/events/export?format=ndjson&q=EX0012*')).text()).trim().split('\n');
  expect(lines).toHaveLength(10);
});

test('the audit has it before the first byte, and with the number of rows at the end', async () => {
  const before = (await readAudit()).length;
  await (await back.get('/events/export?format=csv&camera=gate&q=EX*')).text();
  const entries = (await readAudit()).slice(before);
  expect(entries).toEqual([
    expect.objectContaining({ query: expect.objectContaining({ part: 'begun', camera: 'gate' }), plates: ['EX*'] }),
    expect.objectContaining({ query: expect.objectContaining({ part: 'completed' }), results: 401 }),
  ]);
});

test('who breaks off has taken what was read, and the audit says how much', async () => {
  const before = (await readAudit()).length;
  const stop = new AbortController();
  const response = await fetch(`${back.url}/events/export?format=ndjson`, {
    headers: { authorization: back.authorization, 'accept-encoding': 'identity' },
    signal: stop.signal,
  });
  await (response.body as ReadableStream<Uint8Array>).getReader().read();
  stop.abort();
  await expect
    .poll(async () => (await readAudit()).slice(before).at(-1))
    .toMatchObject({
      query: { part: 'completed' },
      results: expect.any(Number),
    });
});

test('is refused to whoever may only search', async () => {
  const permissions = ['search', 'events:read'] as const;
  const { secret } = await createApiToken(back.sql, { name: 'reader', permissions, scope: undefined });
  const response = await back.get('/events/export?format=csv', { authorization: `Bearer ${secret}` });
  expect(response.status).toBe(403);
});
