import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { auditConfigSchema } from '../../src/audit/config.ts';
import { raiseAlarms } from '../../src/store/audit/alarms.ts';
import { spendBudget } from '../../src/store/audit/budgets.ts';
import { listAlarms, settleAlarm } from '../../src/store/audit/list-alarms.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEntry, openTestAudit } from './make-entry.ts';

const BERLIN = 'Europe/Berlin';

let database: TestDatabase;
let audit: Awaited<ReturnType<typeof openTestAudit>>;

beforeAll(async () => {
  database = await openTestDatabase();
  audit = await openTestAudit(database.sql);
});
afterAll(async () => {
  await audit[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await raise({});
  await database.sql.query('DELETE FROM audit_alarms');
});

const raise = (alarms: object, now = '2026-11-30T12:00:00Z') => {
  const none = { same_plate_times: null, burst_searches: null };
  const config = auditConfigSchema.parse({ time_zone: BERLIN, alarms: { ...none, ...alarms } });
  return raiseAlarms(database.sql, config, new Date(now));
};
const search = (at: string, plate: string, id = 'p1') =>
  audit.record(makeEntry({ at: new Date(at), plates: [plate], who: { kind: 'person', id, name: id } }));
const open = async () => (await listAlarms(database.sql, audit.keys.plates, { state: 'open', limit: 50 })).alarms;

test('one person who searches for one plate again and again raises one alarm, which counts on until it is seen', async () => {
  const alarms = { same_plate_times: 3, same_plate_days: 7 };
  for (const day of ['10', '25', '28']) await search(`2026-11-${day}T10:00:00Z`, 'SAME1');
  await search('2026-11-29T10:00:00Z', 'SAME1', 'p2');
  expect(await raise(alarms)).toEqual([]);
  await search('2026-11-29T10:00:00Z', 'same-1');
  expect(await raise(alarms)).toEqual(['same-plate']);
  await search('2026-11-30T10:00:00Z', 'SAME1');
  expect(await raise(alarms)).toEqual([]);
  const [alarm] = await open();
  expect(alarm).toMatchObject({
    kind: 'same-plate',
    who: { kind: 'person', id: 'p1', name: 'p1' },
    plate: 'SAME1',
    times: 4,
    first_at: '2026-11-25T10:00:00.000Z',
    last_at: '2026-11-30T10:00:00.000Z',
    message: 'p1 has searched for one plate 4 times within 7 days',
  });
  const seen = await settleAlarm(database.sql, audit.keys.plates, {
    id: alarm?.id ?? '',
    by: 'Eve',
    note: 'his own car',
  });
  expect(seen).toMatchObject({ seen_by: 'Eve', note: 'his own car' });
  for (let times = 0; times < 2; times += 1) await search('2026-11-30T11:00:00Z', 'SAME1');
  expect(await raise(alarms)).toEqual([]);
  await search('2026-11-30T11:00:00Z', 'SAME1');
  expect(await raise(alarms)).toEqual(['same-plate']);
  expect((await open()).map(({ times }) => times)).toEqual([3]);
});

test('searches outside duty hours raise an alarm; a night belongs to the day on which it begins', async () => {
  const duty = { weekdays: ['fri'], from: '22:00', to: '06:00' };
  // Berlin is one hour ahead of UTC: Friday 27 November 2026, 22:30 and Saturday, 05:59.
  await search('2026-11-27T21:30:00Z', 'A1');
  await search('2026-11-28T04:59:00Z', 'A1');
  expect(await raise({ duty })).toEqual([]);
  // Friday 21:59, Saturday 06:00 and 22:30.
  await search('2026-11-27T20:59:00Z', 'A1');
  await search('2026-11-28T05:00:00Z', 'A1');
  expect(await raise({ duty })).toEqual(['off-duty']);
  await search('2026-11-28T21:30:00Z', 'A1');
  expect(await raise({ duty })).toEqual([]);
  expect(await open()).toMatchObject([{ kind: 'off-duty', times: 3, plate: null }]);
});

test('many searches at once raise an alarm, the same number over a day does not', async () => {
  const alarms = { burst_searches: 5, burst_minutes: 10 };
  for (let hour = 10; hour < 16; hour += 1) await search(`2026-11-20T${hour}:00:00Z`, `B${hour}`, 'slow');
  for (let minute = 10; minute < 16; minute += 1) await search(`2026-11-20T10:${minute}:00Z`, `B${minute}`, 'quick');
  expect(await raise(alarms)).toEqual(['burst']);
  expect(await open()).toMatchObject([{ kind: 'burst', times: 6, who: { id: 'quick' } }]);
});

test('a budget is right over many at once, and opens again at midnight of the time zone', async () => {
  const spend = (amount: number, who = 'person p1') =>
    spendBudget(database.sql, { who, counted: 'searches', amount, limit: 10, timeZone: BERLIN });
  const spent = await Promise.all(Array.from({ length: 25 }, () => spend(1)));
  expect(spent.filter(({ isWithin }) => isWithin)).toHaveLength(10);
  expect(await spend(11, 'person p2')).toMatchObject({ isWithin: false });
  expect(await spend(10, 'person p2')).toEqual({ isWithin: true });
  const [refused] = spent.filter((one) => !one.isWithin);
  const opensAt = refused?.isWithin === false ? refused.opensAt : new Date(0);
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: BERLIN, timeStyle: 'medium' });
  expect(clock.format(opensAt)).toBe('00:00:00');
  expect(opensAt.getTime() - Date.now()).toBeLessThanOrEqual(25 * 3_600_000);
});
