import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeAlert } from '../../src/alerts/make-alert.ts';
import { raiseAlerts } from '../../src/alerts/raise-alerts.ts';
import type { Alert } from '../../src/contract/alert.ts';
import { alertSchema } from '../../src/contract/alert.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { RuleInput } from '../../src/contract/rule.ts';
import { reviseEvent } from '../../src/review/revise-event.ts';
import { markErased } from '../../src/store/privacy/erasures.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from '../store/make-event.ts';
import { createPlainBook } from './plain-book.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.sql.query('TRUNCATE alerts, alert_deliveries, alert_mutes, plate_events, event_revisions'));

const NOON = Date.parse('2026-11-20T12:00:00Z');
const MINUTE = 60_000;
const watch: RuleInput = { id: 'watch', name: 'Watch', match: { exact: ['AB12CDE'] }, channels: ['mail', 'gate'] };

/** Holds events against rules, as a process does with a batch. */
async function raise(events: readonly PlateEvent[], rules: readonly RuleInput[] = [watch], isQuiet = false) {
  const book = createPlainBook(rules);
  const options = { sql: database.sql, rules: book.rules, isWithin: () => isQuiet, now: NOON, notBefore: 0 };
  const { alerts } = await raiseAlerts(options, await book.decide(events));
  for (const alert of alerts) alertSchema.parse(alert);
  return alerts;
}

const readAlerts = () =>
  database.sql.query<{ plate: string; status: string; revision: number; held_back: string | null; alert: Alert }>(
    'SELECT plate, status, revision, held_back, alert FROM alerts ORDER BY happened_at, plate',
  );

const readMessages = async () =>
  (
    await database.sql.query<{ told: string }>(
      `SELECT concat_ws(' ', channel_id, alert->>'status', alert#>>'{passage,plate}') AS told FROM alert_deliveries ORDER BY id`,
    )
  ).map(({ told }) => told);

const makePassage = (at = NOON) => {
  const first = makeEvent({ at });
  return (revision: number, text: string, wanted: Parameters<typeof makeEvent>[0] = {}) =>
    makeEvent({ ...wanted, id: first.event_id, at, revision, text });
};

test('One rule and one passage make one alert and one message to each channel, however often the passage comes', async () => {
  const revise = makePassage();
  const early: RuleInput = { ...watch, act_at: { provisional: 0.8 } };
  await raise([revise(1, 'AB12CDE', { status: 'provisional', confidence: 0.7 })], [early]);
  expect(await readAlerts()).toEqual([]);
  await raise([revise(2, 'AB12CDE', { status: 'provisional' })], [early]);
  await raise([revise(2, 'AB12CDE', { status: 'provisional' })], [early]);
  await raise([revise(3, 'AB12CDE', { status: 'provisional', confidence: 0.7 })], [early]);
  await raise([revise(4, 'AB12CDE')], [early]);
  await raise([revise(2, 'AB12CDF', { status: 'provisional' })], [early]);
  const [only, ...others] = await readAlerts();
  expect(others).toEqual([]);
  expect(only).toMatchObject({ status: 'raised', revision: 1, alert: { passage: { revision: 4, status: 'final' } } });
  expect(await readMessages()).toEqual(['gate raised AB12CDE', 'mail raised AB12CDE']);
});

test('A later text corrects or withdraws an alert through the channels that it went through, whatever the rule says now', async () => {
  const revise = makePassage();
  const both: RuleInput = { ...watch, match: { exact: ['AB12CDE', 'AB12CDF'] }, channels: ['mail'] };
  await raise([revise(1, 'AB12CDE')], [both]);
  await raise([revise(2, 'AB12CDF')], [{ ...both, channels: ['other'] }]);
  await raise([revise(3, 'XX99XXX')], [{ ...both, channels: ['other'] }]);
  await raise([revise(4, 'XX99XXX')], [both]);
  await raise([revise(5, 'AB12CDE')], [both]);
  await raise([revise(6, 'AB12CDE', { status: 'retracted' })], []);
  expect(await readMessages()).toEqual([
    'mail raised AB12CDE',
    'mail corrected AB12CDF',
    'mail withdrawn XX99XXX',
    'mail corrected AB12CDE',
    'mail withdrawn AB12CDE',
  ]);
  expect(await readAlerts()).toMatchObject([
    { status: 'withdrawn', revision: 5, alert: { why: 'The read of AB12CDE was retracted' } },
  ]);
});

test('A rule that was removed says nothing of passages whose text stays', async () => {
  const revise = makePassage();
  await raise([revise(1, 'AB12CDE')]);
  await raise([revise(2, 'AB12CDE')], []);
  expect(await readAlerts()).toMatchObject([{ status: 'raised', revision: 1 }]);
});

test('The cooldown counts by the times of the passages: late ones and repeats are held back, and nothing else is', async () => {
  const rule: RuleInput = { ...watch, cooldown: { for: '10m' }, channels: ['mail'] };
  const passage = (minute: number, camera = 'cam-1', text = 'AB12CDE') =>
    makeEvent({ at: NOON + minute * MINUTE, camera, text });
  await raise([passage(5), passage(0)], [rule]);
  await raise([passage(10), passage(-9), passage(-10), passage(9, 'cam-2')], [rule]);
  // Decided by hand: 0 is sent and holds back 5, -9 and 9; -10 and 10 are ten minutes away and sent.
  expect((await readAlerts()).map(({ held_back }) => held_back ?? 'sent')).toEqual([
    'sent',
    'cooldown',
    'sent',
    'cooldown',
    'cooldown',
    'sent',
  ]);
  expect(await readMessages()).toHaveLength(3);
  const perCamera: RuleInput = { ...rule, id: 'camera', cooldown: { for: '10m', per: 'plate_and_camera' } };
  await raise([passage(100), passage(101, 'cam-2'), passage(102)], [perCamera]);
  const perRule: RuleInput = {
    ...rule,
    id: 'rule',
    match: { every_passage: true },
    cooldown: { for: '10m', per: 'rule' },
  };
  await raise([passage(200), passage(201, 'cam-2', 'XX1'), passage(210)], [perRule]);
  expect((await readAlerts()).slice(6).map(({ held_back }) => held_back ?? 'sent')).toEqual([
    ...['sent', 'sent', 'cooldown'],
    ...['sent', 'cooldown', 'sent'],
  ]);
});

test('Two processes that hold the same plate against the same rule at once send it once', async () => {
  const rule: RuleInput = { ...watch, cooldown: { for: '1h' }, channels: ['mail'] };
  const cameras = Array.from({ length: 20 }, (_, at) =>
    makeEvent({ at: NOON + at, camera: `cam-${at}`, text: 'AB12CDE' }),
  );
  await Promise.all(cameras.map((event) => raise([event], [rule])));
  expect(await readAlerts()).toHaveLength(20);
  expect(await readMessages()).toEqual(['mail raised AB12CDE']);
});

test('When the alert that held others back is withdrawn, the first of them is sent after all', async () => {
  const rule: RuleInput = { ...watch, cooldown: { for: '10m' }, channels: ['mail'] };
  const revise = makePassage();
  await raise([revise(1, 'AB12CDE')], [rule]);
  await raise(
    [1, 2].map((minute) => makeEvent({ at: NOON + minute * MINUTE, text: 'AB12CDE' })),
    [rule],
  );
  await raise([revise(2, 'ZZ99ZZZ')], [rule]);
  expect((await readAlerts()).map(({ status, held_back }) => `${status} ${held_back}`)).toEqual([
    'withdrawn null',
    'raised null',
    'raised cooldown',
  ]);
  expect(await readMessages()).toEqual(['mail raised AB12CDE', 'mail withdrawn ZZ99ZZZ', 'mail raised AB12CDE']);
});

test('What is muted, or falls into quiet hours, is kept and sent to nobody, nor is what becomes of it', async () => {
  await database.sql.query(`INSERT INTO alert_mutes (plate, until, by_name) VALUES ('AB12CDE', $1, 'Ann')`, [
    new Date(NOON + MINUTE),
  ]);
  const rule: RuleInput = { ...watch, quiet: { from: '11:00', to: '13:00' }, match: { prefix: ['AB'] } };
  const revise = makePassage();
  await raise([revise(1, 'AB12CDE'), makeEvent({ at: NOON + 2 * MINUTE, text: 'AB12CDE' })], [rule], true);
  await raise([revise(2, 'ZZ99ZZZ')], [rule], true);
  expect(await readAlerts()).toMatchObject([
    { held_back: 'muted', status: 'withdrawn', revision: 2 },
    { held_back: 'quiet', status: 'raised', revision: 1 },
  ]);
  expect(await readMessages()).toEqual([]);
});

test('A passage that was held back as one plate is sent as the other that it turns out to be', async () => {
  const rule: RuleInput = { ...watch, match: { prefix: ['AB'] }, cooldown: { for: '10m' }, channels: ['mail'] };
  const revise = makePassage(NOON + MINUTE);
  await raise([makeEvent({ at: NOON, text: 'AB12CDE' })], [rule]);
  await raise([revise(1, 'AB12CDE')], [rule]);
  await raise([revise(2, 'AB99ZZZ')], [rule]);
  expect(await readMessages()).toEqual(['mail raised AB12CDE', 'mail corrected AB99ZZZ']);
});

test('Passages that were erased, that are too old or of a clock far ahead, or that are stored with a newer revision make no alert', async () => {
  const [erased, old, ahead, replaced] = [
    makePassage(NOON)(1, 'AB12CDE'),
    makePassage(NOON - 9)(1, 'AB12CDE'),
    makePassage(Date.parse('2100-01-01T00:00:00Z'))(1, 'AB12CDE'),
    makePassage(NOON + 1),
  ];
  await markErased(database.sql, '00000000-0000-4000-8000-000000000000', [erased.event_id]);
  const newest = replaced(3, 'ZZ99ZZZ');
  await database.sql.query(
    `INSERT INTO plate_events (event_id, detected_at, revision, status, site_id, camera_id, text_normalized, candidates, confidence, event)
     VALUES ($1, $2, 3, 'final', 'home', 'cam-1', 'ZZ99ZZZ', '{}', 1, '{}')`,
    [newest.event_id, newest.detected_at],
  );
  const book = createPlainBook([watch]);
  const options = { sql: database.sql, rules: book.rules, isWithin: () => false, now: NOON, notBefore: NOON - 5 };
  await raiseAlerts(options, await book.decide([erased, old, ahead, replaced(2, 'AB12CDE')]));
  expect(await readAlerts()).toEqual([]);
});

test('The id of an alert follows from its rule and its passage alone', () => {
  const [rule] = createPlainBook([watch]).rules.values();
  if (!rule) throw new Error('expected the rule');
  const match = { rule, matched: { by: 'exact', wanted: null, p: 1, entry: null }, why: '', raises: true } as const;
  const event = makeEvent({ id: '01932d4e-5f60-7abc-8def-0123456789ab' });
  // By Python: namespace 7c1f3f0e-5b0e-4a0c-9d0b-6d1f2a84e6b3, name '["watch","01932d4e-5f60-7abc-8def-0123456789ab"]'.
  expect(makeAlert(event, match, '').alert_id).toBe('b574bb61-a2b1-5043-b0d8-db53229e181f');
});

test('A person who corrects the text, or rejects the read, withdraws the alert, whatever an edge sends after that', async () => {
  for (const decision of [
    { action: 'correct', text: 'AB12CDF', revision: 1, reason: '' },
    { action: 'reject', revision: 1, reason: 'No plate' },
  ] as const) {
    await database.sql.query('TRUNCATE alerts, alert_deliveries');
    const revise = makePassage();
    const read = revise(1, 'AB12CDE');
    await raise([read]);
    const by = { id: '1', name: 'Ann' };
    await raise([reviseEvent({ revisions: [read], decision, by, at: new Date(NOON) })]);
    await raise([revise(2, 'AB12CDE')]);
    expect(await readAlerts()).toMatchObject([{ status: 'withdrawn', revision: 2 }]);
    expect(await readMessages()).toHaveLength(4);
  }
});
