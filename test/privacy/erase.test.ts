import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { verifyReport } from '../../src/privacy/report.ts';
import { listSavedSearches, saveSearch } from '../../src/store/saved-searches.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { makeEvent } from '../store/make-event.ts';
import { grep } from './grep.ts';
import { openPrivacyStand, type PrivacyStand, withPictures } from './privacy-stand.ts';

const PLATE = 'ERA5EME7';
const OTHER = 'KEEP1234';
const REASON = { reason: 'The owner asked for it', by: 'test', scrub: false };

let stand: PrivacyStand;
beforeAll(async () => {
  stand = await openPrivacyStand();
}, 60_000);
afterAll(() => stand?.[Symbol.asyncDispose]());

/** Two passages of the plate, one with an earlier revision and one first read as another, among passages of others. */
async function writePassages(): Promise<Readonly<{ gone: readonly PlateEvent[]; kept: readonly PlateEvent[] }>> {
  const first = await withPictures(stand.images, makeEvent({ text: PLATE }));
  const misread = makeEvent({ text: 'ERA5EME1', status: 'provisional' });
  const corrected = await withPictures(stand.images, {
    ...makeEvent({ text: PLATE, id: misread.event_id }),
    revision: 2,
  });
  const kept = await Promise.all([0, 1, 2].map(() => withPictures(stand.images, makeEvent({ text: OTHER }))));
  const moved = { ...corrected, detected_at: misread.detected_at };
  await writeEvents(stand.sql, [first, misread, ...kept]);
  await writeEvents(stand.sql, [moved, { ...first, revision: 2 }]);
  return { gone: [first, moved], kept };
}

const search = (event: PlateEvent) => ({ subject: { plate: event.plate.text_normalized }, ...REASON });

test('A dry run finds what is then erased, in every place, and what is of others stays', async () => {
  const { gone, kept } = await writePassages();
  const [one] = gone;
  if (!one) throw new Error('expected an event');
  const tried = await stand.privacy.erase({ ...search(one), dryRun: true });
  expect(tried.id).toBeNull();
  const amounts = (report: typeof tried) => report.places.map(({ place, count }) => [place, count]);
  expect(Object.fromEntries(amounts(tried))).toMatchObject({ events: 2, revisions: 2, texts: 2, pictures: 6 });
  const done = await stand.privacy.erase({ ...search(one), dryRun: false });
  expect(amounts(done)).toEqual(amounts(tried));
  const rows = await stand.sql.query('SELECT event_id FROM plate_events ORDER BY event_id');
  expect(rows).toEqual(kept.map(({ event_id }) => ({ event_id })).sort((a, b) => (a.event_id < b.event_id ? -1 : 1)));
  expect(await stand.sql.query('SELECT text FROM plate_texts')).toEqual([{ text: OTHER }]);
  expect(await Array.fromAsync(stand.images.list())).toHaveLength(9);
  expect(await stand.privacy.erase({ ...search(one), dryRun: true })).toMatchObject({ events: 0 });
});

test('What was erased is refused when it comes again, whichever revision, and is counted', async () => {
  const event = makeEvent({ text: 'C0MEBACK' });
  await writeEvents(stand.sql, [event]);
  const { id } = await stand.privacy.erase({ ...search(event), dryRun: false });
  const late = [event, { ...event, revision: 2 }, { ...event, revision: 3 }];
  for (const one of late) expect(await writeEvents(stand.sql, [one])).toBe(0);
  // Together with an older revision and one that is new.
  expect(await writeEvents(stand.sql, [...late, makeEvent({ text: OTHER })])).toBe(1);
  const left = await stand.sql.query(
    `SELECT event_id FROM plate_events WHERE event_id = $1 UNION ALL
     SELECT event_id FROM event_revisions WHERE event_id = $1`,
    [event.event_id],
  );
  expect(left).toEqual([]);
  expect(await stand.sql.query("SELECT text FROM plate_texts WHERE text = 'C0MEBACK'")).toEqual([]);
  const refused = await stand.sql.query('SELECT refused::int FROM erased_events WHERE erasure_id = $1', [id]);
  expect(refused).toEqual([{ refused: 6 }]);
  // A new passage of the same plate is another event.
  expect(await writeEvents(stand.sql, [makeEvent({ text: 'C0MEBACK' })])).toBe(1);
});

test('Saved searches whose pattern, part or name tells the plate go with it, and those that fit many plates stay', async () => {
  const saved = [
    ['exact', 'w1ld-c4rd'],
    ['one sign', 'W1LDC4R?'],
    ['most of it', 'W1LDC*'],
    ['a part', '1LDC4'],
    ['my W1LD*4RD', 'X1'],
    ['half of it', 'W1LD*'],
    ['another', 'W1LDX4R?'],
    ['the wild card', 'KEEP*'],
  ] as const;
  for (const [name, q] of saved) await saveSearch(stand.sql, 'person:p', { name, query: { q, mode: 'auto' } });
  const erasure = { subject: { plate: 'W1LDC4RD' }, ...REASON };
  const report = await stand.privacy.erase({ ...erasure, dryRun: false });
  expect(report.places.find(({ place }) => place === 'searches')).toMatchObject({ count: 5 });
  const left = (await listSavedSearches(stand.sql, 'person:p')).map(({ name }) => name);
  expect(left).toEqual(['another', 'half of it', 'the wild card']);
});

test('Writers at the same time as an erasure leave nothing behind', async () => {
  const events = Array.from({ length: 40 }, () => makeEvent({ text: 'RACE0001' }));
  await writeEvents(stand.sql, events);
  const writing = events.map(async (event, at) => {
    for (let revision = 2; revision < 12; revision += 1) await writeEvents(stand.sql, [{ ...event, revision }]);
    return at;
  });
  await stand.privacy.erase({ ...search(makeEvent({ text: 'RACE0001' })), dryRun: false });
  await Promise.all(writing);
  const left = await stand.sql.query(
    `SELECT 'row' FROM plate_events WHERE text_normalized = 'RACE0001' UNION ALL
     SELECT 'revision' FROM event_revisions WHERE event::text LIKE '%RACE0001%' UNION ALL
     SELECT 'text' FROM plate_texts WHERE text = 'RACE0001'`,
  );
  expect(left).toEqual([]);
});

test('A database that was restored from before the erasure is erased again', async () => {
  const event = makeEvent({ text: 'REST0RED' });
  await writeEvents(stand.sql, [event]);
  const { id } = await stand.privacy.erase({ ...search(event), dryRun: false });
  // As the backup had it: the event is there, and nothing of the erasure.
  await stand.sql.query('DELETE FROM erased_events WHERE erasure_id = $1', [id]);
  await stand.sql.query('DELETE FROM erasure_reports WHERE id = $1', [id]);
  expect(await writeEvents(stand.sql, [event])).toBe(1);
  expect(await stand.privacy.eraseAgain()).toBe(1);
  expect(await stand.sql.query('SELECT FROM plate_events WHERE event_id = $1', [event.event_id])).toEqual([]);
  expect(await writeEvents(stand.sql, [{ ...event, revision: 2 }])).toBe(0);
  expect(await stand.privacy.eraseAgain()).toBe(0);
});

test('A reason that names the plate is refused, and then nothing is erased or written down', async () => {
  const event = makeEvent({ text: 'EUN2R50' });
  const short = makeEvent({ text: 'E1' });
  await writeEvents(stand.sql, [event, short]);
  const erase = (reason: string, subject: Parameters<typeof stand.privacy.erase>[0]['subject'], dryRun = false) =>
    stand.privacy.erase({ subject, reason, by: 'test', scrub: false, dryRun });
  const plate = { plate: 'EUN2R50' };
  for (const [subject, reason] of [
    [plate, 'owner of EUN2R50 asked'],
    [plate, 'owner of eun 2r-50 asked'],
    [{ event: event.event_id }, 'wrong read EUN2R50'],
    [{ plate: 'E1' }, 'the owner of E1 asked'],
  ] as const) {
    const refused = { code: 'INPUT_INVALID', message: expect.stringMatching(/^Expected a reason without the plate/) };
    await expect(erase(reason, subject)).rejects.toMatchObject(refused);
    await expect(erase(reason, subject, true)).rejects.toMatchObject(refused);
  }
  const ledger = await readFile(join(stand.folder, 'privacy', 'erased.jsonl'), 'utf8');
  expect(ledger).not.toContain('EUN2R50');
  // A short plate stands in other words by chance.
  expect(await erase('see case E17', { plate: 'E1' })).toMatchObject({ events: 1 });
  expect(await erase('the owner asked', plate)).toMatchObject({ events: 1 });
});

test('The report is signed, names no plate, and shows a change', async () => {
  const event = makeEvent({ text: 'S1GNED77' });
  await writeEvents(stand.sql, [event]);
  const { id, subject } = await stand.privacy.erase({ ...search(event), dryRun: false });
  const [row] = await stand.sql.query<{ signed: string }>('SELECT signed FROM erasure_reports WHERE id = $1', [id]);
  const signed = row?.signed ?? '';
  expect(signed).not.toContain('S1GNED77');
  expect(verifyReport(signed).report.events).toBe(1);
  expect(verifyReport(signed).report.remains).toContainEqual(expect.stringMatching(/^logs of earlier versions/));
  expect(() => verifyReport(signed.replace('"events":1', '"events":2'))).toThrow('it was changed');
  // The same plate has the same hash, and another plate has another.
  const again = await stand.privacy.erase({ ...search(event), dryRun: true });
  expect(again.subject).toEqual(subject);
  expect((await stand.privacy.erase({ ...search(makeEvent({ text: OTHER })), dryRun: true })).subject).not.toEqual(
    subject,
  );
});

test('After a scrub no byte of the plate is in the files of the database, its log, the pictures or the reports', async () => {
  const text = 'SCRVB4ME';
  const events = await Promise.all(Array.from({ length: 50 }, () => withPictures(stand.images, makeEvent({ text }))));
  await writeEvents(stand.sql, events);
  await writeEvents(
    stand.sql,
    events.map((event) => ({ ...event, revision: 2 })),
  );
  await stand.sql.query('ANALYZE plate_events');
  await stand.sql.query('CHECKPOINT');
  expect(await grep(stand.folder, text)).not.toEqual([]);
  const report = await stand.privacy.erase({ ...search(makeEvent({ text })), dryRun: false, scrub: true });
  expect(report.scrubbed).toBe(true);
  expect(await grep(stand.folder, text)).toEqual([]);
  // As it is searched with look-alikes, and backwards.
  expect(await grep(stand.folder, '5CRV84ME')).toEqual([]);
  expect(await grep(stand.folder, 'EM48VRC5')).toEqual([]);
}, 60_000);
