import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelList, ShadowAnswer } from '../../src/contract/api/models.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { makeSigned } from '../models/registry/make-version.ts';
import { makeReviewed } from '../promotion/compared-reads.ts';
import { type BackEnd, MODEL_KEY, openBackEnd } from './api-fixture.ts';

let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
});
afterAll(() => back[Symbol.asyncDispose]());

async function change(path: string, body?: object) {
  const headers = { authorization: back.authorization, ...(body && { 'content-type': 'application/json' }) };
  const sent = body ? { body: JSON.stringify(body) } : {};
  const response = await fetch(`${back.url}/api/v1/models/alpr-read/${path}`, { method: 'POST', headers, ...sent });
  return { status: response.status, body: (await response.json()) as ModelList & { code?: string } };
}

const read = async <T>(path: string) => (await (await back.get(`/api/v1${path}`)).json()) as T;
const champion = ({ versions }: Pick<ModelList, 'versions'>) =>
  versions.find(({ aliases }) => aliases.includes('champion'))?.version;

test('people try, promote and roll back a version, which is kept with the figures that they saw', async () => {
  expect(await read<ModelList>('/models')).toMatchObject({ registry: 'folder', versions: [], decisions: [] });
  for (const name of ['first', 'second']) {
    await using signed = await makeSigned('alpr-read', Buffer.from(name), MODEL_KEY);
    await back.registry.register(signed.folder);
  }
  await back.registry.setAlias('alpr-read', 'champion', '1');
  await back.registry.setAlias('alpr-read', 'challenger', '2');
  const [challenger, reader] = (await read<ModelList>('/models')).versions.map(({ id }) => id);
  const pair = { reader: reader ?? '', challenger: challenger ?? '' };
  await writeEvents(back.sql, makeReviewed(pair, { readerRight: 2, challengerRight: 9, neither: 1 }));
  const shadow = await read<ShadowAnswer>('/models/alpr-read/shadow?limit=5');
  expect(shadow.judgement).toMatchObject({ compared: 12, reviewed: 12, challenger_right: 9, verdict: 'open' });
  expect(shadow.differences).toHaveLength(5);
  const rest = await read<ShadowAnswer>(`/models/alpr-read/shadow?limit=100&cursor=${shadow.next}`);
  expect(rest.differences).toHaveLength(7);

  const tried = await change('canary', { version: '2', cameras: ['gate'] });
  expect(tried.body.versions[0]).toMatchObject({ version: '2', canary_cameras: ['gate'] });
  expect(champion((await change('promote', { version: '2' })).body)).toBe('2');
  expect(champion((await change('rollback')).body)).toBe('1');
  expect((await change('promote', { version: '7' })).body.code).toBe('NOT_FOUND');
  expect((await change('promote', { version: '1' })).body.code).toBe('CONFLICT');
  await back.registry.setAlias('alpr-read', 'challenger', '2');
  await back.registry.setCanary('alpr-read', '2', ['gate']);
  const ended = await change('rollback?version=2');
  expect(ended.body.versions[0]).toMatchObject({ version: '2', aliases: [], canary_cameras: [] });
  expect((await change('rollback?version=2')).body.code).toBe('CONFLICT');
  const { decisions } = await read<ModelList>('/models');
  expect(decisions.map(({ action, version, by }) => [action, version, by])).toEqual([
    ['refuse', '2', 'test'],
    ['rollback', '1', 'test'],
    ['promote', '2', 'test'],
    ['canary', '2', 'test'],
  ]);
  expect(decisions[2]?.figures).toMatchObject({ reviewed: 12, challenger_right: 9 });
  const { entries } = await read<{ entries: readonly { operation: string; query: object }[] }>('/audit?limit=50');
  const promoted = entries.filter(({ operation }) => operation === 'promoteModel').map(({ query }) => query);
  expect(promoted).toContainEqual(expect.objectContaining({ version: '2', reviewed: 12, challenger_right: 9 }));
});
