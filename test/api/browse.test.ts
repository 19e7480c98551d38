import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd, readAnswer } from './api-fixture.ts';

const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);
const early = makeEvent({ text: 'AB11AAA', camera: 'gate', at: at('07:59:59') });
const first = makeEvent({ text: 'AB12CDE', camera: 'gate', at: at('08:00:00') });
const other = makeEvent({ text: 'CD34EFG', camera: 'yard', at: at('08:30:00') });
const last = makeEvent({ text: 'ZZ99ZZZ', camera: 'gate', at: at('08:59:59') });
const gone = makeEvent({ text: 'AB12CDF', camera: 'gate', at: at('08:10:00'), status: 'retracted' });
const late = makeEvent({ text: 'AB13AAA', camera: 'gate', at: at('09:00:01') });
const HOUR = 'from=2026-03-01T08:00:00Z&to=2026-03-01T09:00:00Z';
let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
  await back.publish([early, first, other, last, gone, late]);
});
afterAll(() => back[Symbol.asyncDispose]());

const texts = async (address: string) =>
  (await back.getJson(address)).results.map(({ event }) => event.plate.text_normalized);
const ask = (body: object) =>
  fetch(`${back.url}/search/query`, {
    method: 'POST',
    headers: { authorization: back.authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('Without a text', () => {
  test('a search lists what passed a camera between two times, newest first', async () => {
    expect(await texts(`/events/search?camera=gate&${HOUR}`)).toEqual(['ZZ99ZZZ', 'AB12CDE']);
    expect(await texts(`/events/search?${HOUR}`)).toEqual(['ZZ99ZZZ', 'CD34EFG', 'AB12CDE']);
    const { mode, results } = await back.getJson(`/events/search?camera=yard`);
    expect(mode).toBe('filter');
    expect(results).toEqual([
      { event: other, score: 1, reason: { kind: 'filter', distance: 0, detail: 'passes the filter' } },
    ]);
  });

  test('it has pages', async () => {
    const page = await back.getJson(`/events/search?camera=gate&${HOUR}&limit=1`);
    expect(page.results[0]?.event).toEqual(last);
    const next = await back.getJson(`/events/search?camera=gate&${HOUR}&limit=1&cursor=${page.next}`);
    expect([next.results[0]?.event, next.next]).toEqual([first, null]);
  });

  test('nothing at all to go by is refused, and the answer says what is missing', async () => {
    const response = await back.get('/events/search?limit=5');
    expect(response.status).toBe(400);
    expect((await response.text()).toLowerCase()).toContain('a text (q) or a filter');
  });
});

test.each(['/events/search?camera=gate', '/events/search?q=AB12CDE', '/search/facets?', '/search/analytics?'])(
  '%s from a time after the last is an error that says so',
  async (address) => {
    const response = await back.get(`${address}&from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('from not to be after to, got 2026-03-02T00:00:00Z');
  },
);

test.each(['fuzzy', 'likelihood'])('alike texts of a pattern (%s) are those that fit it', async (mode) => {
  const answer = await back.getJson(`/events/search?q=AB12C*&mode=${mode}`);
  expect([answer.mode, answer.results.map(({ event }) => event)]).toEqual(['wildcard', [first]]);
  expect(await back.getJson(`/search/facets?q=AB12C*&mode=${mode}`)).toMatchObject({ events: 1 });
});

describe('The same search', () => {
  test('takes one line of words, in which a name and a colon make a filter', async () => {
    const line = (words: string) => texts(`/search/fulltext?q=${encodeURIComponent(words)}`);
    expect(await line('AB12 CDE')).toEqual(['AB12CDE']);
    expect(await line('camera:gate from:2026-03-01T08:00:00Z to:2026-03-01T09:00:00Z')).toEqual(['ZZ99ZZZ', 'AB12CDE']);
    expect(await line('AB1* camera:gate from:2026-03-01T08:30:00Z')).toEqual(['AB13AAA']);
    expect((await back.get('/search/fulltext?q=from:yesterday')).status).toBe(400);
    expect((await back.get('/search/fulltext?q=%20')).status).toBe(400);
  });

  test('takes a JSON body', async () => {
    const answer = await readAnswer(await ask({ q: 'ab12cde', camera: 'gate', limit: 5 }));
    expect(answer.results.map(({ event }) => event)).toContainEqual(first);
    const span = await readAnswer(await ask({ camera: 'yard', from: '2026-03-01T08:00:00Z' }));
    expect(span.results.map(({ event }) => event)).toEqual([other]);
  });

  test.each([{}, { q: '' }, { q: 'AB', sql: 1 }, { q: ['AB'] }, { q: 'AB', query: { match_all: {} } }])(
    'refuses the body %j',
    async (body) => {
      expect((await ask(body)).status).toBe(400);
    },
  );
});
