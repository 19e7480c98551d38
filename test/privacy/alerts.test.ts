import { afterAll, beforeAll, expect, test } from 'vitest';
import { raiseAlerts } from '../../src/alerts/raise-alerts.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { keepPrivacy } from '../../src/privacy/upkeep.ts';
import { keepHits } from '../../src/store/privacy/alerts.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { createPlainBook } from '../alerts/plain-book.ts';
import { makeEvent } from '../store/make-event.ts';
import { openPrivacyStand, type PrivacyStand } from './privacy-stand.ts';

const DAY_MS = 86_400_000;
const NOW = Date.now();
let stand: PrivacyStand;
beforeAll(async () => {
  stand = await openPrivacyStand(['privacy.pseudonyms.after_days=30', 'privacy.retention.events_days=60']);
}, 60_000);
afterAll(() => stand?.[Symbol.asyncDispose]());

/** Stores events with an alert of each, which a channel gets. */
async function raise(events: readonly PlateEvent[]): Promise<void> {
  const book = createPlainBook([{ id: 'all', name: 'All', match: { every_passage: true }, channels: ['mail'] }]);
  const options = { sql: stand.sql, rules: book.rules, isWithin: () => false, now: NOW, notBefore: 0 };
  await writeEvents(stand.sql, events);
  await raiseAlerts(options, await book.decide(events));
}

const readAll = async (text: string) => {
  const [row] = await stand.sql.query<{ alerts: number; sent: number }>(
    `SELECT (SELECT count(*)::int FROM alerts WHERE alerts::text LIKE $1) AS alerts,
       (SELECT count(*)::int FROM alert_deliveries AS sent WHERE sent::text LIKE $1) AS sent`,
    [`%${text}%`],
  );
  return row;
};

test('An erasure finds and removes the alerts of a plate, what was sent of them and its mutes, and nothing of others', async () => {
  await raise([makeEvent({ text: 'ERA5E11' }), makeEvent({ text: 'STAY222' })]);
  await stand.sql.query("INSERT INTO alert_mutes (plate, by_name) VALUES ('ERA5E11', 'Ann'), ('STAY222', 'Ann')");
  const erasure = { subject: { plate: 'ERA5E11' }, reason: 'Asked by the owner', by: 'test', scrub: false };
  const countOf = async (dryRun: boolean) =>
    (await stand.privacy.erase({ ...erasure, dryRun })).places.find(({ place }) => place === 'alerts')?.count;
  expect(await countOf(true)).toBe(3);
  expect(await countOf(false)).toBe(3);
  expect(await readAll('ERA5E11')).toEqual({ alerts: 0, sent: 0 });
  expect(await readAll('STAY222')).toEqual({ alerts: 1, sent: 1 });
  expect(await stand.sql.query('SELECT plate FROM alert_mutes')).toEqual([{ plate: 'STAY222' }]);
});

test('What becomes a pseudonym or goes takes its alert with it, unless events with an alert are kept for longer', async () => {
  const [hidden, gone] = [
    makeEvent({ text: 'H1DDEN1', at: NOW - 40 * DAY_MS }),
    makeEvent({ text: 'G0NE111', at: NOW - 70 * DAY_MS }),
  ];
  await raise([hidden, gone]);
  await stand.sql.query("UPDATE alert_deliveries SET answer = '200 ' || (alert#>>'{passage,plate}')");
  const given = {
    sql: stand.sql,
    images: stand.images,
    index: undefined,
    config: stand.config.privacy,
    log: stand.log,
  };
  const keep = () => keepPrivacy({ ...given, eraseAgain: async () => 0, now: () => new Date(NOW) });
  await keepHits(stand.sql, 365);
  await keep();
  expect([await readAll('H1DDEN1'), await readAll('G0NE111')]).toEqual([
    { alerts: 1, sent: 1 },
    { alerts: 1, sent: 1 },
  ]);
  await keepHits(stand.sql, null);
  const expired = (await stand.privacy.tryRetention()).places.find(({ place }) => place === 'alerts');
  expect(expired?.count).toBe(1);
  await keep();
  expect([await readAll('H1DDEN1'), await readAll('G0NE111')]).toEqual([
    { alerts: 0, sent: 0 },
    { alerts: 0, sent: 0 },
  ]);
  const [row] = await stand.sql.query<{ plate: string; said: string }>(
    "SELECT plate, alert#>>'{passage,plate}' AS said FROM alerts WHERE event_id = $1",
    [hidden.event_id],
  );
  expect(row?.plate).toMatch(/^~[0-9A-F]{20}$/);
  expect(row?.said).toBe(row?.plate);
});
