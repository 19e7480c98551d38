import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage } from '../../src/contract/api/audit.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

let back: BackEnd;
const event = makeEvent({ camera: 'north', text: 'AB12CDE' });

beforeAll(async () => {
  back = await openBackEnd(undefined, { budgets: { token: { searches: 100 } } });
  await back.publish([event]);
});
afterAll(() => back[Symbol.asyncDispose]());

/** The newest entries but for that of asking for them. */
const readAudit = async (query = '') => (await (await back.get(`/audit?limit=20${query}`)).json()) as AuditPage;
const newest = async () => (await readAudit()).entries[0];
const send = (method: string, address: string, body?: object) =>
  fetch(back.url + address, {
    method,
    headers: { authorization: back.authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });

describe('What somebody does stands in the audit', () => {
  test('with where it came from, even if the client hangs up at once', async () => {
    for (const path of ['/rules', '/channels', '/lists', '/alerts']) {
      const { hostname, port, pathname } = new URL(back.url + path);
      const socket = connect(Number(port), hostname);
      const head = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: ${back.authorization}\r\n\r\n`;
      await new Promise<void>((resolve) => socket.write(head, () => resolve()));
      socket.destroy();
    }
    const listed = async () =>
      (await readAudit()).entries
        .filter(({ operation }) => /^list(?:Rules|Channels|PlateLists|Alerts)$/.test(operation))
        .map(({ from }) => from);
    await expect.poll(listed, { timeout: 8000 }).toEqual(Array(4).fill('127.0.0.1'));
  });

  test.each([
    [
      '/events/search?q=ab-12&camera=north&limit=5',
      'search',
      { plates: ['AB12'], results: 1, query: { camera: 'north', mode: 'auto', limit: 5 } },
    ],
    ['/search/fulltext?q=AB12%3F%20camera:north', 'search', { plates: ['AB12?'], results: 0 }],
    ['/search/facets?q=AB12CDE', 'search', { plates: ['AB12CDE'], results: 1 }],
    ['/search/analytics?camera=north', 'search', { plates: [], results: null }],
    ['/events/plate/AB12CDE', 'search', { plates: ['AB12CDE'], results: 1, query: { limit: 50 } }],
    [
      '/events/recent?camera=north',
      'view',
      { plates: [], results: 1, query: { camera: 'north', limit: 50, misdated: false } },
    ],
    [`/events/${event.event_id}`, 'view', { plates: ['AB12CDE'], results: 1, query: { event: event.event_id } }],
    ['/images/cam/2026/11/30/nothing.jpg', 'picture', { status: 404, query: { key: 'cam/2026/11/30/nothing.jpg' } }],
    ['/events/search?q=%2B', 'search', { status: 400, plates: [''], results: null }],
  ])('%s', async (address, action, expected) => {
    await back.get(address, { 'x-purpose': 'f%C3%BCr alle', 'x-case-number': 'A 7' });
    expect(await newest()).toMatchObject({
      who: { kind: 'token', name: 'test' },
      from: '127.0.0.1',
      action,
      status: 200,
      purpose: 'für alle',
      case_number: 'A 7',
      ...expected,
    });
  });

  test('a list asked for again and again within a second by one entry, and how often by another', async () => {
    const ask = () => back.get('/events/recent?limit=7');
    expect((await ask()).status).toBe(200);
    const covering = await newest();
    expect(covering).toMatchObject({ query: { limit: 7 }, results: 1 });
    const { at = '', query = {} } = covering ?? {};
    expect(Date.parse(String(query.until)) - Date.parse(at)).toBe(1000);
    await Promise.all(Array.from({ length: 5 }, ask));
    const lists = async () =>
      (await readAudit('&operation=listRecentEvents')).entries.filter((one) => one.query.limit === 7);
    const asked = (await lists()).length;
    await expect.poll(async () => (await lists())[0]?.query.repeats, { timeout: 5000 }).toBeGreaterThan(0);
    const entries = await lists();
    // More than one entry covers them only where the machine took longer than a second.
    const times = entries.reduce((sum, one) => sum + Number(one.query.repeats ?? 1), 0);
    const results = entries.reduce((sum, one) => sum + (one.results ?? 0), 0);
    expect({ times, results }).toEqual({ times: 6, results: 6 });
    expect(entries.at(-2)).toMatchObject({ query: { since: entries.at(-1)?.at } });
    expect(asked).toBeLessThan(6);
  });

  test('a change before it is made, so that none is made that does not stand there', async () => {
    const note = { kind: 'note', text: 'x' };
    expect((await send('POST', `/events/${event.event_id}/notes`, note)).status).toBeLessThan(300);
    const [done, begun] = (await readAudit('&action=change')).entries;
    const change = done?.query.change;
    expect(change).toEqual(expect.any(String));
    expect(begun).toMatchObject({ operation: 'writeEventNote', status: 102, query: { part: 'begun', change } });
    await back.sql.query('ALTER TABLE audit_entries RENAME TO away');
    expect((await send('POST', '/plates/N0NE/notes', note)).status).toBe(503);
    await back.sql.query('ALTER TABLE away RENAME TO audit_entries');
    expect(await back.sql.query(`SELECT FROM plate_notes WHERE plate = 'N0NE'`)).toEqual([]);
  });

  test('which plates a decision is about, before it and after it, and what was merged', async () => {
    const [read, twin, kept] = ['RPLNT677', 'TW1N0001', 'TW1N0002'].map((text) => makeEvent({ text }));
    if (!read || !twin || !kept) throw new Error('expected three events');
    await back.publish([read, twin, kept]);
    await send('POST', `/events/${read.event_id}/review`, {
      action: 'correct',
      text: 'hidden-1',
      reason: 'r',
      revision: 1,
    });
    expect(await newest()).toMatchObject({ operation: 'reviewEvent', plates: ['RPLNT677', 'HIDDEN1'] });
    await send('POST', `/events/${twin.event_id}/review`, {
      action: 'merge',
      into: kept.event_id,
      reason: 'r',
      revision: 1,
    });
    expect(await newest()).toMatchObject({
      plates: ['TW1N0001'],
      query: { event: twin.event_id, action: 'merge', into: kept.event_id },
    });
  });

  test('which note was deleted, what it was about and who had written it', async () => {
    for (const [path, about] of [
      ['/plates/N07ED', { plates: ['N07ED'], query: {} }],
      [`/events/${event.event_id}`, { query: { event: event.event_id } }],
    ] as const) {
      const { id } = (await (await send('POST', `${path}/notes`, { kind: 'note', text: 'x' })).json()) as {
        id: string;
      };
      expect((await send('DELETE', `/notes/${id}`)).status).toBe(204);
      const query = { ...about.query, note: id, written_by: 'test' };
      expect(await newest()).toMatchObject({ operation: 'deleteNote', ...about, query });
    }
  });

  test('whoever is refused, too, and nobody who asks whether it works', async () => {
    const { secret } = await createApiToken(back.sql, {
      name: 'reader',
      permissions: ['events:read'],
      scope: undefined,
    });
    const { number: before = 0 } = (await newest()) ?? {};
    await back.get('/events/search?q=AB12', { authorization: `Bearer ${secret}` });
    for (let times = 0; times < 3; times += 1) {
      await back.get('/events/search?q=AB12', { authorization: 'Bearer alpr_wrong' });
    }
    await back.get('/health');
    await back.get('/cameras');
    const { entries } = await readAudit();
    expect(
      entries
        .filter(({ number }) => number > before)
        .map(({ operation, action, status, who }) => [operation, action, status, who?.name]),
    ).toEqual([
      ['searchEvents', 'refuse', 401, undefined],
      ['searchEvents', 'refuse', 403, 'reader'],
      ['listAuditEntries', 'audit', 200, 'test'],
    ]);
  });

  test('a live stream before it opens, and pictures of a camera once an hour', async () => {
    const closing = new AbortController();
    const stream = await fetch(`${back.url}/live?events=plate`, {
      headers: { authorization: back.authorization },
      signal: closing.signal,
    });
    expect(await newest()).toMatchObject({ operation: 'watchLive', action: 'live', query: { events: 'plate' } });
    closing.abort();
    await stream.text().catch(() => undefined);
    for (let times = 0; times < 3; times += 1) await back.get('/cameras/nowhere/picture.jpg');
    const { entries } = await readAudit('&operation=readCameraPicture');
    expect(entries).toMatchObject([{ action: 'live', query: { camera: 'nowhere' } }]);
  });
});

describe('The auditor', () => {
  test('finds entries by person, action, operation, purpose, case and plate, page by page', async () => {
    for (const query of [
      'person=TEST',
      'action=search',
      'operation=readEvent',
      'purpose=f%C3%BCr%20alle',
      'case=A%207',
    ]) {
      const { entries } = await readAudit(`&${query}`);
      expect(entries.length, query).toBeGreaterThan(0);
    }
    expect((await readAudit('&person=nobody')).entries).toEqual([]);
    const of = await readAudit('&plate=ab-12-cde&action=view');
    expect(of.entries).toMatchObject([{ operation: 'readEvent', plates: ['AB12CDE'] }]);
    const first = (await (await back.get('/audit?limit=2&action=search')).json()) as AuditPage;
    const second = (await (await back.get(`/audit?limit=2&action=search&cursor=${first.next}`)).json()) as AuditPage;
    const numbers = [...first.entries, ...second.entries].map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => b - a));
    expect(numbers).toHaveLength(4);
  });

  test('sees a summary, how far it is signed, and an export that verifies', async () => {
    const summary = (await (await back.get('/audit/summary')).json()) as { rows: readonly object[] };
    expect(summary.rows).toContainEqual(
      expect.objectContaining({
        purpose: 'für alle',
        searches: 6,
        views: 2,
        pictures: 1,
        who: expect.objectContaining({ name: 'test' }),
      }),
    );
    await back.audit.upkeep({ isLast: true });
    const state = (await (await back.get('/audit/state')).json()) as object;
    expect(state).toMatchObject({
      first_number: 1,
      checkpoint: { fingerprint: back.audit.keys.signing.fingerprint },
      verified_until: expect.any(String),
      fault: null,
      keep_days: 730,
    });
    const text = await (await back.get('/audit/export')).text();
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => Object.keys(JSON.parse(line))[0]),
    ).toEqual(expect.arrayContaining(['export', 'entry', 'checkpoint']));
    expect(await newest()).toMatchObject({ operation: 'exportAudit', action: 'audit' });
  });

  test('notes what alarms were about', async () => {
    for (let times = 0; times < 12; times += 1) await back.get('/events/plate/NOSY1');
    await back.audit.upkeep();
    const { alarms } = (await (await back.get('/audit/alarms')).json()) as { alarms: readonly { id: string }[] };
    expect(alarms).toMatchObject([{ kind: 'same-plate', plate: 'NOSY1', times: 12, seen_at: null }]);
    const settle = (id: string) =>
      fetch(`${back.url}/audit/alarms/${id}/seen`, {
        method: 'POST',
        headers: { authorization: back.authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ note: 'asked' }),
      });
    expect(await (await settle(alarms[0]?.id ?? '')).json()).toMatchObject({ seen_by: 'test', note: 'asked' });
    expect((await settle(event.event_id)).status).toBe(404);
    expect(await (await back.get('/audit/alarms')).json()).toMatchObject({ alarms: [], open: 0 });
    expect(await (await back.get('/metrics')).text()).toContain('alpr_audit_alarms_total{kind="same-plate"} 1');
  });

  test('a search beyond the budget of the day is refused until the next; one that is no search costs nothing', async () => {
    // A few at a time: those on their way are counted until they are found invalid.
    for (let round = 0; round < 11; round += 1) {
      const invalid = Array.from({ length: 10 }, () => back.get('/events/search?q=AB12&cursor=none'));
      expect(new Set((await Promise.all(invalid)).map(({ status }) => status))).toEqual(new Set([400]));
    }
    const statuses: number[] = [];
    for (let times = 0; times < 100; times += 1) statuses.push((await back.get('/events/search?q=AB12')).status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    const refused = await back.get('/events/search?q=AB12');
    expect(await refused.json()).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      message: expect.stringMatching(/more from .*T\d\d:/),
    });
    expect(await newest()).toMatchObject({ operation: 'searchEvents', action: 'refuse', status: 429 });
    expect((await back.get('/events/recent')).status).toBe(200);
  });
});

describe('When the audit cannot be written', () => {
  test('a search is refused and never answered, and so is a stream; what shows nobody anything goes on', async () => {
    await back.sql.query('ALTER TABLE audit_entries RENAME TO away');
    for (const address of ['/events/recent?limit=8', '/events/recent?camera=south', '/live', '/images/cam/none.jpg']) {
      const answer = await back.get(address);
      expect([answer.status, ((await answer.json()) as { code: string }).code], address).toEqual([
        503,
        'AUDIT_UNAVAILABLE',
      ]);
    }
    expect((await back.get('/cameras')).status).toBe(200);
    await back.sql.query('ALTER TABLE away RENAME TO audit_entries');
    expect((await back.get('/events/recent')).status).toBe(200);
  });
});
