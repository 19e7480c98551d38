import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { keepPrivacy } from '../../src/privacy/upkeep.ts';
import { listMonthKeys } from '../../src/store/privacy/pseudonyms.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { makeEvent } from '../store/make-event.ts';
import { openPrivacyStand, type PrivacyStand, withPictures } from './privacy-stand.ts';

const DAY_MS = 86_400_000;
/** In the middle of a month, so that the passages of three days are of one. */
const AT = Date.UTC(2026, 4, 15);

let stand: PrivacyStand;
beforeAll(async () => {
  stand = await openPrivacyStand(['privacy.pseudonyms.after_days=30', 'privacy.pseudonyms.key_days=31']);
}, 60_000);
afterAll(() => stand?.[Symbol.asyncDispose]());

const keep = (now: number) =>
  keepPrivacy({
    sql: stand.sql,
    images: stand.images,
    index: undefined,
    config: stand.config.privacy,
    eraseAgain: async () => 0,
    now: () => new Date(now),
    log: stand.log,
  });

test('Old plates become pseudonyms: nothing tells them, visits are still counted, and the key goes on schedule', async () => {
  const visits = await Promise.all(
    [0, 1, 2].map((day) =>
      withPictures(stand.images, makeEvent({ text: 'V1S1T0R', at: AT + day * DAY_MS, candidates: ['V1S1TOR'] })),
    ),
  );
  const other = makeEvent({ text: 'PASSING', at: AT });
  const young = makeEvent({ text: 'Y0UNG11', at: AT + 20 * DAY_MS });
  const held = makeEvent({ text: 'HE1D222', at: AT });
  await writeEvents(stand.sql, [...visits, other, young, held]);
  await writeEvents(
    stand.sql,
    visits.map((event) => ({ ...event, revision: 2 })),
  );
  const hold = { class: 'hold', reason: 'Asked by the court', caseNumber: null, by: 'test', until: null } as const;
  await stand.privacy.hold({ ...hold, subject: { plate: 'HE1D222' } });
  await keep(AT + 40 * DAY_MS);
  const rows = await stand.sql.query<{ text: string; event: PlateEvent }>(
    'SELECT text_normalized AS text, event FROM plate_events ORDER BY detected_at',
  );
  const texts = new Map(rows.map(({ event, text }) => [event.event_id, text]));
  const [first] = visits.map(({ event_id }) => texts.get(event_id));
  expect(first).toMatch(/^~[0-9A-F]{20}$/);
  expect(visits.map(({ event_id }) => texts.get(event_id))).toEqual([first, first, first]);
  expect(texts.get(other.event_id)).not.toBe(first);
  expect([texts.get(young.event_id), texts.get(held.event_id)]).toEqual(['Y0UNG11', 'HE1D222']);
  const stored = await stand.sql.query<{ all: string }>(
    `SELECT (SELECT string_agg(event::text, '') FROM plate_events)
       || coalesce((SELECT string_agg(event::text, '') FROM event_revisions), '')
       || (SELECT string_agg(text, '') FROM plate_texts) AS all`,
  );
  expect(stored[0]?.all).not.toMatch(/V1S1T|PASSING/);
  expect(await Array.fromAsync(stand.images.list())).toEqual([]);
  // The counts are as they were: six reads, of four plates.
  const [counted] = await stand.sql.query(
    'SELECT count(*)::int AS reads, count(DISTINCT text_normalized)::int AS plates FROM plate_events',
  );
  expect(counted).toEqual({ reads: 6, plates: 4 });
  // As long as the key is there the plate can still be erased by its name.
  expect(await listMonthKeys(stand.sql)).toHaveLength(1);
  const erasure = { subject: { plate: 'V1S1T0R' }, reason: 'Asked', by: 'test', dryRun: true, scrub: false } as const;
  expect(await stand.privacy.erase(erasure)).toMatchObject({ events: 3 });
  // The month ended on 31 May and was due by 30 June; its key is kept for 31 days more.
  await keep(Date.UTC(2026, 6, 31));
  expect(await listMonthKeys(stand.sql)).toHaveLength(2);
  await keep(Date.UTC(2026, 7, 2));
  expect(await listMonthKeys(stand.sql)).toHaveLength(1);
  expect(await stand.privacy.erase(erasure)).toMatchObject({ events: 0 });
});
