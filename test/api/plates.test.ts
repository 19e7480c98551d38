import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Permission, Scope } from '../../src/contract/access.ts';
import type { Note, PlateHistory } from '../../src/contract/api/plates.ts';
import type { SavedSearch } from '../../src/contract/api/saved-searches.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
});
afterAll(() => back[Symbol.asyncDispose]());

async function send(
  method: string,
  address: string,
  { body, as = back.authorization }: { body?: object; as?: string } = {},
) {
  const json = body && { body: JSON.stringify(body) };
  const type = body && { 'content-type': 'application/json' };
  const response = await fetch(back.url + address, { method, headers: { authorization: as, ...type }, ...json });
  const text = await response.text();
  return { status: response.status, answer: text === '' ? undefined : JSON.parse(text) };
}

async function signIn(name: string, permissions: readonly Permission[], scope?: Scope): Promise<string> {
  const { secret } = await createApiToken(back.sql, { name, permissions, scope });
  return `Bearer ${secret}`;
}

const historyOf = async (address: string, as?: string): Promise<PlateHistory> =>
  (await send('GET', address, as === undefined ? {} : { as })).answer;

describe('The history of a plate', () => {
  beforeAll(async () => {
    const at = (moment: string) => Date.parse(moment);
    await back.publish([
      makeEvent({ text: 'HIS7ORY', camera: 'north', at: at('2026-03-01T22:30:00Z') }),
      makeEvent({ text: 'HIS7ORY', camera: 'north', at: at('2026-03-01T23:30:00Z') }),
      makeEvent({ text: 'HIS7ORY', camera: 'south', at: at('2026-03-02T10:00:00Z') }),
      makeEvent({ text: 'HIS7ORY', camera: 'south', at: at('2026-03-04T10:00:00Z'), status: 'retracted' }),
      makeEvent({ text: 'H1S7ORY', camera: 'south', at: at('2026-03-03T10:00:00Z') }),
    ]);
  });

  test('has when, where, on which days, and what may be the same plate', async () => {
    expect(await historyOf('/plates/his-7ory')).toEqual({
      text: 'HIS7ORY',
      reads: 3,
      first_seen: '2026-03-01T22:30:00.000Z',
      last_seen: '2026-03-02T10:00:00.000Z',
      cameras: [
        { camera_id: 'north', reads: 2, first_seen: '2026-03-01T22:30:00.000Z', last_seen: '2026-03-01T23:30:00.000Z' },
        { camera_id: 'south', reads: 1, first_seen: '2026-03-02T10:00:00.000Z', last_seen: '2026-03-02T10:00:00.000Z' },
      ],
      days: [
        { day: '2026-03-02', reads: 1 },
        { day: '2026-03-01', reads: 2 },
      ],
      near: [{ text: 'H1S7ORY', reads: 1, last_seen: '2026-03-03T10:00:00.000Z' }],
      notes: [],
    });
  });

  test('counts the days of a time zone, and only between two times', async () => {
    const { days } = await historyOf('/plates/HIS7ORY?time_zone=Europe/Berlin');
    // In Berlin it is an hour later: 23:30 UTC is the next day.
    expect(days).toEqual([
      { day: '2026-03-02', reads: 2 },
      { day: '2026-03-01', reads: 1 },
    ]);
    expect((await historyOf('/plates/HIS7ORY?to=2026-03-01T23:00:00Z')).reads).toBe(1);
    expect((await send('GET', '/plates/HIS7ORY?time_zone=Mars/Base')).status).toBe(400);
  });

  test('has within a scope what was read there, and notes only beside such reads', async () => {
    await send('POST', '/plates/HIS7ORY/notes', { body: { kind: 'note', text: 'a secret' } });
    const scopeOf = (camera: string): Scope => ({ cameras: [camera], sites: [] });
    const south = await historyOf('/plates/HIS7ORY', await signIn('south', ['search'], scopeOf('south')));
    expect([south.reads, south.cameras.map(({ camera_id }) => camera_id)]).toEqual([1, ['south']]);
    expect(south.notes).toHaveLength(1);
    const nowhere = await historyOf('/plates/HIS7ORY', await signIn('far', ['search'], scopeOf('far')));
    expect(nowhere).toMatchObject({ reads: 0, near: [], notes: [] });
  });
});

describe('Notes and tags', () => {
  test('of a plate and of an event say who wrote them, a tag stands once, and they can be deleted', async () => {
    const event = makeEvent({ text: 'N07ES' });
    await back.publish([event]);
    for (const path of ['/plates/N07ES', `/events/${event.event_id}`]) {
      const note = await send('POST', `${path}/notes`, { body: { kind: 'note', text: ' asked at the gate ' } });
      expect(note).toMatchObject({ status: 201, answer: { kind: 'note', text: 'asked at the gate', by: 'test' } });
      const tags = await Promise.all(
        [1, 2].map(() => send('POST', `${path}/notes`, { body: { kind: 'tag', text: 'vip' } })),
      );
      expect(tags[0]?.answer.id).toBe(tags[1]?.answer.id);
      const list = path.startsWith('/plates') ? path : `${path}/notes`;
      const read = async (): Promise<readonly Note[]> => (await send('GET', list)).answer.notes;
      expect((await read()).map(({ text }) => text).toSorted()).toEqual(['asked at the gate', 'vip']);
      expect((await send('DELETE', `/notes/${note.answer.id}`)).status).toBe(204);
      expect((await read()).map(({ text }) => text)).toEqual(['vip']);
    }
  });

  test('are out of reach for whoever may not see what they are about', async () => {
    const event = makeEvent({ text: 'N07ES2', camera: 'north' });
    await back.publish([event]);
    const note = await send('POST', `/events/${event.event_id}/notes`, { body: { kind: 'note', text: 'x' } });
    const as = await signIn('elsewhere', ['events:write', 'events:read'], { cameras: ['south'], sites: [] });
    const body = { kind: 'note', text: 'y' };
    const statuses = await Promise.all([
      send('GET', `/events/${event.event_id}/notes`, { as }),
      send('POST', `/events/${event.event_id}/notes`, { as, body }),
      send('POST', '/plates/N07ES2/notes', { as, body }),
      send('DELETE', `/notes/${note.answer.id}`, { as }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });
});

describe('Saved searches', () => {
  test('are each person’s own: saved, listed by name, renamed, deleted', async () => {
    const [ann, ben] = [await signIn('ann', ['search']), await signIn('ben', ['search'])];
    const save = (name: string, as: string) =>
      send('POST', '/saved-searches', { as, body: { name, query: { q: 'AB*', camera: 'gate' } } });
    const list = async (as: string): Promise<readonly SavedSearch[]> =>
      (await send('GET', '/saved-searches', { as })).answer.searches;
    const [second, first] = [(await save('the gate', ann)).answer, (await save('all', ann)).answer];
    expect(await list(ann)).toEqual([first, second]);
    expect(first.query).toEqual({ q: 'AB*', camera: 'gate', mode: 'auto' });
    expect((await save('all', ann)).status).toBe(409);
    expect((await save('all', ben)).status).toBe(201);

    const rename = (id: string, name: string, as: string) =>
      send('PATCH', `/saved-searches/${id}`, { as, body: { name } });
    expect((await rename(first.id, 'every', ann)).answer).toMatchObject({ id: first.id, name: 'every' });
    expect((await rename(second.id, 'every', ann)).status).toBe(409);
    expect((await rename(first.id, 'mine now', ben)).status).toBe(404);
    expect((await send('DELETE', `/saved-searches/${first.id}`, { as: ben })).status).toBe(404);
    expect((await send('DELETE', `/saved-searches/${first.id}`, { as: ann })).status).toBe(204);
    expect(await list(ann)).toEqual([second]);
  });
});
