import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import type { AuditEntry } from '../../src/identity/audit-entry.ts';
import { createModelRegistry } from '../../src/models/registry/create-registry.ts';
import { openFolderStore } from '../../src/models/registry/folder.ts';
import type { ModelRegistry, ModelVersion } from '../../src/models/registry/registry.ts';
import { applyRule } from '../../src/promotion/apply-rule.ts';
import { promotionConfigSchema } from '../../src/promotion/config.ts';
import { listDecisions } from '../../src/store/models/decisions.ts';
import { countShadowReads, listDifferences, listShadowPairs } from '../../src/store/models/shadow-reads.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeKey, makeSigned, trust } from '../models/registry/make-version.ts';
import { makeCompared, makeReviewed } from './compared-reads.ts';

const HOUR_MS = 3_600_000;
const PAIR = { reader: 'alpr-read@aaaaaaaaaaaa', challenger: 'alpr-read@bbbbbbbbbbbb' };
const key = makeKey();
let database: TestDatabase;
let folder: string;
let registry: ModelRegistry;
let versions: readonly ModelVersion[];
let entries: AuditEntry[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

beforeEach(async () => {
  await database.sql.query('TRUNCATE plate_events, event_revisions, model_decisions');
  entries = [];
});

/** A registry with a champion and a challenger, for as long as `work` takes. */
async function withRegistry(work: () => Promise<void>): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'alpr-promotion-'));
  try {
    registry = createModelRegistry(openFolderStore(folder), trust(key));
    for (const name of ['champion', 'challenger'] as const) {
      await using signed = await makeSigned('alpr-read', Buffer.from(name), key);
      const { version } = await registry.register(signed.folder);
      await registry.setAlias('alpr-read', name, version);
    }
    versions = await registry.list();
    await work();
  } finally {
    await rm(folder, { recursive: true });
  }
}

const idOf = (alias: 'champion' | 'challenger') => versions.find(({ aliases }) => aliases.includes(alias))?.id ?? '';
const livePair = () => ({ reader: idOf('champion'), challenger: idOf('challenger') });
const aliasesNow = async () =>
  Object.fromEntries((await registry.list()).flatMap(({ id, aliases }) => aliases.map((alias) => [alias, id])));
const apply = (settings: object, now = Date.now()) =>
  applyRule({
    ...{ sql: database.sql, registry, now: () => now, log: createLog({ level: 'silent' }) },
    audit: { record: async (entry) => void entries.push(entry) },
    rule: promotionConfigSchema.parse({ automatic: true, ...settings }),
  });

test('differences are counted by where they are, and people say who was right', async () => {
  const reads = [
    ...makeReviewed(PAIR, { readerRight: 3, challengerRight: 5, neither: 2 }),
    ...makeCompared(PAIR, { truth: 'AB1234' }),
    ...makeCompared(PAIR, { truth: 'DUW12', challenger: 'DÜW12' }),
    ...makeCompared(PAIR, { truth: 'XY99', challenger: 'XY9', camera: 'yard' }),
  ];
  await writeEvents(database.sql, reads);
  expect(await listShadowPairs(database.sql, 'alpr-read', undefined)).toMatchObject([
    { ...PAIR, compared: 13, differing: 11 },
  ]);
  const { total, groups } = await countShadowReads(database.sql, { ...PAIR, scope: undefined });
  expect(total).toEqual({ compared: 13, differing: 11, reviewed: 10, reader_right: 3, challenger_right: 5 });
  const find = (by: string, name: string) => groups.find((group) => group.by === by && group.name === name);
  expect(find('camera', 'yard')).toMatchObject({ compared: 1, differing: 1, reviewed: 0 });
  expect(find('region', 'gb')).toMatchObject({ compared: 13, differing: 11 });
  expect(find('length', '4')).toMatchObject({ compared: 1, differing: 1 });
  expect(find('confidence', '0.8')).toMatchObject({ compared: 13 });
  const page = await listDifferences(database.sql, { ...PAIR, scope: undefined, limit: 100 });
  expect(page.items).toHaveLength(11);
  expect(page.items.find(({ truth }) => truth === 'CD1000')).toMatchObject({
    ...{ reader: { text: 'C01000' }, challenger: { text: 'CD1000', confidence: 0.85 }, right: 'challenger' },
  });
});

test('whoever may see one camera sees its differences alone, page by page', async () => {
  const reads = Array.from({ length: 5 }, (_, at) =>
    makeCompared(PAIR, { truth: `AB100${at}`, challenger: 'X', camera: at < 3 ? 'gate' : 'yard' }),
  );
  await writeEvents(database.sql, reads.flat());
  const scope = { cameras: ['gate'], sites: [] };
  expect((await countShadowReads(database.sql, { ...PAIR, scope })).total.compared).toBe(3);
  const first = await listDifferences(database.sql, { ...PAIR, scope, limit: 2 });
  const second = await listDifferences(database.sql, { ...PAIR, scope, limit: 2, cursor: first.next ?? '' });
  expect([...first.items, ...second.items].map(({ camera_id }) => camera_id)).toEqual(['gate', 'gate', 'gate']);
  expect(second.next).toBeNull();
});

test('a worse challenger is refused, with the figures', () =>
  withRegistry(async () => {
    await writeEvents(database.sql, makeReviewed(livePair(), { readerRight: 150, challengerRight: 60, neither: 5 }));
    await apply({});
    expect(await aliasesNow()).toEqual({ champion: idOf('champion') });
    const [decision] = await listDecisions(database.sql);
    // Python: sum(comb(210, i) for i in range(61)) / 2**209
    expect(decision).toMatchObject({ action: 'refuse', by: null, figures: { reviewed: 215, verdict: 'worse' } });
    expect(decision?.figures?.p).toBeCloseTo(4.44697471480395e-10, 18);
    expect(entries).toMatchObject([{ action: 'change', operation: 'applyModelRule', query: { do: 'refuse' } }]);
  }));

test('a challenger that may not be used is left alone, and another model has its turn', () =>
  withRegistry(async () => {
    const pair = livePair();
    await using good = await makeSigned('other', Buffer.from('champion of another'), key);
    await using tried = await makeSigned('other', Buffer.from('challenger of another'), key);
    const champion = await registry.register(good.folder);
    const challenger = await registry.register(tried.folder);
    await registry.setAlias('other', 'champion', champion.version);
    await registry.setAlias('other', 'challenger', challenger.version);
    const other = { reader: champion.id, challenger: challenger.id };
    const better = { readerRight: 60, challengerRight: 150, neither: 5 };
    await writeEvents(database.sql, [...makeReviewed(pair, better), ...makeReviewed(other, better)]);
    await writeFile(join(folder, 'alpr-read', '2', 'signature.json'), '{}');
    registry = createModelRegistry(openFolderStore(folder), trust(key));
    await apply({});
    expect((await listDecisions(database.sql)).map(({ model, action }) => [model, action])).toEqual([
      ['other', 'promote'],
    ]);
    expect(entries).toHaveLength(1);
  }));

test('a better challenger is promoted, on the chosen cameras first', () =>
  withRegistry(async () => {
    const pair = livePair();
    await writeEvents(database.sql, makeReviewed(pair, { readerRight: 60, challengerRight: 150, neither: 5 }));
    const settings = { canary_cameras: ['gate'], canary_hours: 24 };
    await apply(settings);
    expect(await aliasesNow()).toEqual({ champion: pair.reader, challenger: pair.challenger });
    expect((await registry.list()).find(({ id }) => id === pair.challenger)?.canaryCameras).toEqual(['gate']);
    await apply(settings, Date.now() + 23 * HOUR_MS);
    expect(await aliasesNow()).toMatchObject({ champion: pair.reader });
    await apply(settings, Date.now() + 25 * HOUR_MS);
    expect(await aliasesNow()).toEqual({ champion: pair.challenger });
    expect((await listDecisions(database.sql)).map(({ action }) => action)).toEqual(['promote', 'canary']);
  }));

test('too few reviewed differences, or such as chance brings, decide nothing', () =>
  withRegistry(async () => {
    await writeEvents(database.sql, makeReviewed(livePair(), { readerRight: 20, challengerRight: 179, neither: 0 }));
    await apply({});
    // Of 230 that only one got right, 101 : 129 has p = 0.0748 (Python, as above).
    await database.sql.query('TRUNCATE plate_events, event_revisions');
    await writeEvents(database.sql, makeReviewed(livePair(), { readerRight: 101, challengerRight: 129, neither: 0 }));
    await apply({});
    expect(await aliasesNow()).toEqual({ champion: idOf('champion'), challenger: idOf('challenger') });
    expect(await listDecisions(database.sql)).toEqual([]);
  }));
