import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { writeNote } from '../../src/store/notes.ts';
import { endHold } from '../../src/store/privacy/holds.ts';
import { saveSearch } from '../../src/store/saved-searches.ts';
import { maintain } from '../../src/store/upkeep/maintain.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { makeEvent } from '../store/make-event.ts';
import { grep } from './grep.ts';
import { openPrivacyStand, type PrivacyStand } from './privacy-stand.ts';

const DAY_MS = 86_400_000;
const NOW = Date.now();
const ERASED = 'SCRVB4ME';
const HELD = 'HE1DHE1D';

let stand: PrivacyStand;
beforeAll(async () => {
  stand = await openPrivacyStand(['privacy.retention.events_days=30'], 'timescale');
}, 60_000);
afterAll(() => stand?.[Symbol.asyncDispose]());

const round = () =>
  maintain({ sql: stand.sql, division: 'timescale', keep: { retention_days: 30, partition: 'month' }, log: stand.log });
const textsLeft = async () =>
  (await stand.sql.query<{ text: string }>('SELECT DISTINCT text_normalized AS text FROM plate_events ORDER BY 1')).map(
    ({ text }) => text,
  );

/** Passages of 60 days ago with two revisions each, in chunks that are then compressed. */
async function writeOld(text: string): Promise<readonly PlateEvent[]> {
  const events = Array.from({ length: 20 }, (_, at) => makeEvent({ text, at: NOW - 60 * DAY_MS + at }));
  await writeEvents(stand.sql, events);
  await writeEvents(
    stand.sql,
    events.map((event) => ({ ...event, revision: 2 })),
  );
  return events;
}

const compress = () =>
  stand.sql.query(
    `SELECT compress_chunk(format('%I.%I', chunk_schema, chunk_name)::regclass) FROM timescaledb_information.chunks
     WHERE hypertable_name IN ('plate_events', 'event_revisions') AND range_end < now() - interval '30 days'`,
  );

test('With hypertables an erasure finds what was compressed, and after a scrub no file of the database holds the plate', async () => {
  await writeOld(ERASED);
  await writeOld(HELD);
  await compress();
  const by = { id: 'p', name: 'test' };
  await writeNote(stand.sql, { subject: { plate: ERASED }, note: { kind: 'note', text: `of ${ERASED}` }, by });
  await saveSearch(stand.sql, 'person:p', { name: 'mine', query: { q: ERASED, mode: 'auto' } });
  await stand.sql.query('CHECKPOINT');
  expect(await grep(stand.folder, ERASED)).not.toEqual([]);
  const erasure = { subject: { plate: ERASED }, reason: 'Asked', by: 'test' };
  const tried = await stand.privacy.erase({ ...erasure, dryRun: true, scrub: false });
  const done = await stand.privacy.erase({ ...erasure, dryRun: false, scrub: true });
  const amounts = (report: typeof tried) => Object.fromEntries(report.places.map(({ place, count }) => [place, count]));
  expect(amounts(done)).toEqual(amounts(tried));
  expect(amounts(done)).toMatchObject({ events: 20, revisions: 20, texts: 1, notes: 1, searches: 1 });
  expect(await textsLeft()).toEqual([HELD]);
  await stand.sql.query('CHECKPOINT');
  expect(await grep(stand.folder, ERASED)).toEqual([]);
}, 90_000);

test('A hold keeps its rows and revisions when chunks that were compressed are dropped, until it ends', async () => {
  await writeOld(HELD);
  await writeOld('FREE0001');
  await writeEvents(stand.sql, [makeEvent({ text: 'YOUNG001', at: NOW - DAY_MS })]);
  await compress();
  const { id } = await stand.privacy.hold({
    subject: { plate: HELD },
    class: 'hold',
    reason: 'Asked by the court',
    caseNumber: null,
    by: 'test',
    until: null,
  });
  const due = (await stand.privacy.tryRetention()).places.filter(({ place }) =>
    ['events', 'revisions'].includes(place),
  );
  expect(due.map(({ count }) => count)).toEqual([20, 20]);
  await round();
  expect(await textsLeft()).toEqual([HELD, 'YOUNG001']);
  const held = await stand.sql.query('SELECT count(*)::int AS revisions FROM event_revisions');
  // What is held may be compressed again, and stays through every further round.
  await compress();
  await round();
  expect(await textsLeft()).toEqual([HELD, 'YOUNG001']);
  expect(await stand.sql.query('SELECT count(*)::int AS revisions FROM event_revisions')).toEqual(held);
  await endHold(stand.sql, { id, by: 'test' });
  await round();
  expect(await textsLeft()).toEqual(['YOUNG001']);
  expect(await stand.sql.query('SELECT text FROM plate_texts')).toEqual([{ text: 'YOUNG001' }]);
}, 90_000);
