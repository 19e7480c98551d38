import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { keepPrivacy } from '../../src/privacy/upkeep.ts';
import { endHold } from '../../src/store/privacy/holds.ts';
import { maintain } from '../../src/store/upkeep/maintain.ts';
import { createPartitions, DIVIDED_TABLES } from '../../src/store/upkeep/partitions.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { makeEvent } from '../store/make-event.ts';
import { openPrivacyStand, type PrivacyStand, withPictures } from './privacy-stand.ts';

const DAY_MS = 86_400_000;
const NOW = Date.now();
const keep = { retention_days: 60, partition: 'month' } as const;
const HOLD = { class: 'hold', reason: 'Asked by the court', caseNumber: null, by: 'test', until: null } as const;

let stand: PrivacyStand;
beforeAll(async () => {
  stand = await openPrivacyStand(['privacy.retention.events_days=60', 'privacy.retention.pictures_days=30']);
}, 60_000);
afterAll(() => stand?.[Symbol.asyncDispose]());

const round = () => maintain({ sql: stand.sql, division: stand.division, keep, log: stand.log });
const textsLeft = async () =>
  (await stand.sql.query<{ text: string }>('SELECT text_normalized AS text FROM plate_events ORDER BY 1')).map(
    ({ text }) => text,
  );

/** The events with two revisions each, in partitions by month. */
async function write(events: readonly PlateEvent[]): Promise<void> {
  await writeEvents(stand.sql, events);
  await writeEvents(
    stand.sql,
    events.map((event) => ({ ...event, revision: 2 })),
  );
  for (const table of DIVIDED_TABLES) await createPartitions(stand.sql, table, { length: 'month', now: NOW });
}

test('A dry run counts what then goes, and a hold keeps its rows, revisions and statistics through dropped partitions', async () => {
  const ages = [200, 199, 198, 120, 45, 10];
  const events = ages.map((days, at) => makeEvent({ text: `AGE${days}X${at}`, at: NOW - days * DAY_MS }));
  await write(events);
  const { id } = await stand.privacy.hold({ ...HOLD, subject: { plate: 'AGE199X1' } });
  const single = await stand.privacy.hold({ ...HOLD, class: 'case', subject: { event: events[3]?.event_id ?? '' } });
  const tried = await stand.privacy.tryRetention();
  const dueOf = (place: string) => tried.places.find((one) => one.place === place)?.count;
  const count = async (table: string) =>
    (await stand.sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? 0;
  const before = [await count('plate_events'), await count('event_revisions')];
  expect(tried.held).toBe(2);
  await round();
  const after = [await count('plate_events'), await count('event_revisions')];
  expect([(before[0] ?? 0) - (after[0] ?? 0), (before[1] ?? 0) - (after[1] ?? 0)]).toEqual([
    dueOf('events'),
    dueOf('revisions'),
  ]);
  // Of what is old enough only what is held is left.
  expect(await textsLeft()).toEqual(['AGE10X5', 'AGE120X3', 'AGE199X1', 'AGE45X4']);
  // What holds keep becomes partitions of its own and stays there, round after round.
  await round();
  await round();
  expect(await textsLeft()).toEqual(['AGE10X5', 'AGE120X3', 'AGE199X1', 'AGE45X4']);
  expect(await stand.privacy.tryRetention()).toMatchObject({ held: 2 });
  expect((await stand.privacy.tryRetention()).places.find(({ place }) => place === 'events')?.count).toBe(0);
  const hours = await stand.sql.query('SELECT sum(reads)::int AS reads FROM reads_per_camera_hour');
  expect(hours).toEqual([{ reads: 4 }]);
  await endHold(stand.sql, { id, by: 'test' });
  await endHold(stand.sql, { id: single.id, by: 'test' });
  await round();
  expect(await textsLeft()).toEqual(['AGE10X5', 'AGE45X4']);
}, 60_000);

test('An erasure of what a hold keeps is refused with the name of the hold, and goes through once it has ended', async () => {
  const event = makeEvent({ text: 'HE1DHE1D' });
  await writeEvents(stand.sql, [event]);
  const erasure = { reason: 'Asked', by: 'test', scrub: false } as const;
  const hold = await stand.privacy.hold({ ...HOLD, subject: { plate: 'HE1DHE1D' }, caseNumber: '2026-17' });
  expect(hold).toMatchObject({ events: 1, ended_at: null });
  for (const subject of [{ plate: 'HE1DHE1D' }, { event: event.event_id }]) {
    for (const dryRun of [true, false]) {
      await expect(stand.privacy.erase({ ...erasure, subject, dryRun })).rejects.toThrow(
        `${hold.id} (Asked by the court, case 2026-17)`,
      );
    }
  }
  await endHold(stand.sql, { id: hold.id, by: 'test' });
  expect(await stand.privacy.erase({ ...erasure, subject: { event: event.event_id }, dryRun: false })).toMatchObject({
    events: 1,
  });
});

test('Pictures that a hold keeps are renewed before their time is over, and others are not', async () => {
  const events = await Promise.all(
    ['HE1DP1C5', 'FREEP1C5'].map((text) => withPictures(stand.images, makeEvent({ text }))),
  );
  await writeEvents(stand.sql, events);
  const old = new Date(NOW - 20 * DAY_MS);
  for await (const { key } of stand.images.list()) utimesSync(join(stand.folder, 'images', key), old, old);
  const { id } = await stand.privacy.hold({ ...HOLD, subject: { plate: 'HE1DP1C5' } });
  const given = {
    sql: stand.sql,
    images: stand.images,
    index: undefined,
    config: stand.config.privacy,
    log: stand.log,
  };
  await keepPrivacy({ ...given, eraseAgain: async () => 0, now: () => new Date() });
  const held = new Set(Object.values(events[0]?.images ?? {}).map(({ key }) => key));
  for await (const { key, storedAt } of stand.images.list()) {
    expect([key, storedAt > old]).toEqual([key, held.has(key)]);
  }
  await endHold(stand.sql, { id, by: 'test' });
});
