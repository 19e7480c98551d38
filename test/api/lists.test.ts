import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
});
afterAll(() => back[Symbol.asyncDispose]());

async function send(method: string, address: string, body?: object | string) {
  const type = typeof body === 'string' ? 'text/csv' : 'application/json';
  const response = await fetch(back.url + address, {
    method,
    headers: { authorization: back.authorization, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, answer: isJson ? JSON.parse(text) : text };
}

const platesOf = async (list: string) =>
  (await send('GET', `/lists/${list}/entries`)).answer.entries.map(({ plate }: { plate: string }) => plate);

describe('A list of plates', () => {
  test('has entries as they are searched, and patterns', async () => {
    await send('PUT', '/lists/staff', { name: 'Staff', colour: '#2e7d32' });
    const entry = { name: 'Ada', tags: ['night'], valid_until: '2027-01-01T00:00:00+01:00' };
    expect((await send('PUT', '/lists/staff/entries/ab-12%20cd', entry)).answer).toMatchObject({ plate: 'AB12CD' });
    await send('PUT', `/lists/staff/entries/${encodeURIComponent('x?1*')}`, {});
    expect((await send('GET', '/lists/staff/entries')).answer).toEqual({
      entries: [
        {
          plate: 'AB12CD',
          name: 'Ada',
          note: '',
          group: '',
          colour: '',
          tags: ['night'],
          valid_from: null,
          valid_until: '2026-12-31T23:00:00.000Z',
          schedule: null,
        },
        expect.objectContaining({ plate: 'X?1*' }),
      ],
      next: null,
    });
    expect((await send('GET', '/lists')).answer.lists).toEqual([
      expect.objectContaining({ id: 'staff', name: 'Staff', colour: '#2e7d32', entries: 2 }),
    ]);
    expect((await send('GET', '/lists/staff/entries?q=nig')).answer.entries).toHaveLength(1);
    expect((await send('DELETE', '/lists/staff/entries/AB12CD')).status).toBe(204);
    expect((await send('DELETE', '/lists/staff/entries/AB12CD')).status).toBe(404);
    expect((await send('DELETE', '/lists/staff')).status).toBe(204);
    expect((await send('GET', '/lists/staff/entries')).status).toBe(404);
  });

  test('refuses what is no plate, no time zone, no colour', async () => {
    await send('PUT', '/lists/odd', { name: 'Odd' });
    for (const [plate, entry] of [
      ['---', {}],
      ['A1', { schedule: { time_zone: 'Mars/Olympus' } }],
      ['A1', { colour: 'red' }],
      ['A1', { surname: 'Lovelace' }],
    ] as const) {
      expect((await send('PUT', `/lists/odd/entries/${plate}`, entry)).status).toBe(400);
    }
    expect(await platesOf('odd')).toEqual([]);
  });
});

describe('A file of plates', () => {
  const FILE = [
    '\ufeffPlate;Name;Tags;valid_until;schedule',
    'b-mw 1;Grace;night|vip;2026-12-31;',
    'A 1;"Ada; Countess";;;"{days: [mon], from: ""08:00""}"',
    '---;Nobody;;;',
    'a1;Twice;;;',
    'C3;;;31.12.2026;',
    'D4;;;;days: [someday]',
  ].join('\r\n');

  test('says what it would change and which lines are refused, before anything changes', async () => {
    await send('PUT', '/lists/guests', { name: 'Guests' });
    await send('PUT', '/lists/guests/entries/OLD1', { name: 'Stays' });
    const { answer } = await send('POST', '/lists/guests/file?mode=replace', FILE);
    expect(answer).toEqual({
      applied: false,
      lines: 6,
      added: 2,
      changed: 0,
      removed: 1,
      unchanged: 0,
      refused: 4,
      shown: { added: ['A1', 'BMW1'], changed: [], removed: ['OLD1'] },
      refusals: [
        { line: 4, why: 'plate: expected at least one letter or digit' },
        { line: 5, why: 'Line 3 has the same plate, and counts' },
        { line: 6, why: expect.stringMatching(/^valid_until: /) },
        { line: 7, why: expect.stringMatching(/^schedule\.days/) },
      ],
    });
    expect(await platesOf('guests')).toEqual(['OLD1']);
  });

  test('is taken in, twice the same, and comes out as it can go in again', async () => {
    const apply = (mode: string, file: string) => send('POST', `/lists/guests/file?mode=${mode}&apply=true`, file);
    expect((await apply('add', FILE)).answer).toMatchObject({ applied: true, added: 2, removed: 0 });
    expect(await platesOf('guests')).toEqual(['A1', 'BMW1', 'OLD1']);
    expect((await apply('add', FILE)).answer).toMatchObject({ added: 0, changed: 0, unchanged: 2 });
    await send('PUT', '/lists/guests/entries/F7', { name: '=1+1', note: 'a "quoted", line\nand more' });
    const out = await send('GET', '/lists/guests/file');
    expect(out.answer).toContain("'=1+1");
    const before = (await send('GET', '/lists/guests/entries')).answer;
    expect((await apply('replace', out.answer)).answer).toMatchObject({
      added: 0,
      changed: 0,
      removed: 0,
      unchanged: 4,
      refused: 0,
    });
    expect((await send('GET', '/lists/guests/entries')).answer).toEqual(before);
    expect(before.entries[1]).toMatchObject({
      plate: 'BMW1',
      tags: ['night', 'vip'],
      valid_until: '2027-01-01T00:00:00.000Z',
    });
    expect((await apply('replace', 'plate\nB2')).answer).toMatchObject({ added: 1, removed: 4 });
    expect(await platesOf('guests')).toEqual(['B2']);
  });

  test.each([
    ['a,b\n1,2', /plate/],
    ['plate,colour of eyes\nA1,blue', /colour of eyes/],
    [`plate\n"A1`, /CSV/],
    ['', /got: nothing/],
  ])('is refused whole where it is none: %j', async (file, why) => {
    const { status, answer } = await send('POST', '/lists/guests/file?apply=true', file);
    expect([status, answer.message]).toEqual([400, expect.stringMatching(why)]);
    expect((await send('POST', '/lists/guests/file', { plate: 'A1' })).status).toBe(400);
  });

  test('of which one is being taken in keeps another one out, and names no more than a hundred refusals', async () => {
    await send('PUT', '/lists/long', { name: 'Long' });
    const wrong = `plate,name\n${'!,\n'.repeat(20_000)}${'A1,\n'.repeat(20_000)}B2,M\ufffdller\n`;
    const both = await Promise.all([1, 2].map(() => send('POST', '/lists/long/file', wrong)));
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 429]);
    const { refusals, ...counts } = both.find(({ status }) => status === 200)?.answer ?? {};
    expect(counts).toMatchObject({ lines: 40_001, added: 1, refused: 40_000 });
    expect(refusals).toHaveLength(100);
    const { answer } = await send('POST', '/lists/long/file', 'plate,name\nB2,M\ufffdller\nB3,a\0b');
    expect(answer.refusals.map(({ why }: { why: string }) => why)).toEqual(
      Array(2).fill('Expected text in UTF-8; save the file as CSV UTF-8'),
    );
  });
});
