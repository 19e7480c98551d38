import { afterAll, beforeAll, expect, test } from 'vitest';
import { CameraStates } from '../../../src/alerts/system/camera-states.ts';
import { judgeSystem } from '../../../src/alerts/system/watch-system.ts';
import type { CameraStatus } from '../../../src/contract/live.ts';
import type { RuleInput } from '../../../src/contract/rule.ts';
import { openTestDatabase, type TestDatabase } from '../../db/test-database.ts';
import { parseRules } from '../plain-book.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** One look of a process at the cameras that it has heard of. */
async function judge(inputs: readonly RuleInput[], states: CameraStates, now: number) {
  const rules = new Map(parseRules(inputs).map((rule) => [rule.id, rule]));
  const given = {
    sql: database.sql,
    dataFolder: '.',
    rules: () => rules,
    isWithin: () => false,
    onRaised: () => undefined,
  };
  await judgeSystem({ ...given, cameras: states.list(now), now });
}

const readStates = async () => {
  const rows = await database.sql.query<{ state: string }>(
    `SELECT concat_ws(' ', alert#>>'{system,subject}', status, revision, alert#>>'{system,since}') AS state FROM alerts ORDER BY happened_at`,
  );
  return rows.map(({ state }) => state);
};

const makeStatus = (state: CameraStatus['state'], since: number, id = 'gate') => {
  const none = { message: '', width: 0, height: 0, frames_in: 0, frames_processed: 0, frames_dropped: {}, fps_in: 0 };
  const counts = { fps_processed: 0, passages: 0, passages_lost: 0, char_height_px: null, detector_provider: 'cpu' };
  const status = { camera_id: id, name: 'Gate', kind: 'rtsp', state, since: new Date(since).toISOString() };
  return { kind: 'camera', status: { ...status, ...none, ...counts } } as const;
};

test('A camera that is down raises one alert however many look and whoever starts anew, and its return ends it', async () => {
  const rule: RuleInput = { id: 'down', name: 'Down', system: { camera_down: { for: '2m' } }, channels: ['mail'] };
  const start = Date.parse('2026-11-20T12:00:00Z');
  const states = new CameraStates();
  states.take(makeStatus('running', start), start);
  states.take(makeStatus('running', start, 'yard'), start);
  await judge([rule], states, start + MINUTE / 4);
  states.take(makeStatus('retrying', start + MINUTE), start + 2 * MINUTE);
  states.take(makeStatus('running', start, 'yard'), start + 3 * MINUTE);
  await judge([rule], states, start + 2 * MINUTE);
  expect(await readStates()).toEqual([]);
  await Promise.all([3, 3, 3].map((minute) => judge([rule], states, start + minute * MINUTE)));
  const down = 'gate raised 1 2026-11-20T12:01:00.000Z';
  expect(await readStates()).toEqual([down]);
  const another = new CameraStates();
  await judge([rule], another, start + 4 * MINUTE);
  another.expect(['gate'], start + 4 * MINUTE);
  await judge([rule], another, start + 9 * MINUTE);
  expect(await readStates()).toEqual([down]);
  another.take(makeStatus('running', start + 10 * MINUTE), start + 10 * MINUTE);
  await judge([rule], another, start + 10 * MINUTE);
  expect(await readStates()).toEqual(['gate withdrawn 2 2026-11-20T12:01:00.000Z']);
  // An edge that ended says nothing at all.
  await judge([rule], another, start + 13 * MINUTE);
  expect(await readStates()).toEqual([
    'gate withdrawn 2 2026-11-20T12:01:00.000Z',
    'gate raised 1 2026-11-20T12:10:00.000Z',
  ]);
  expect(await database.sql.query('SELECT alert_revision AS revision FROM alert_deliveries ORDER BY id')).toEqual([
    { revision: 1 },
    { revision: 2 },
    { revision: 1 },
  ]);
  await judge([], another, start + 14 * MINUTE);
  expect(await readStates()).toContain('gate withdrawn 2 2026-11-20T12:10:00.000Z');
});

test('A camera that reads a smaller share than usual, a full disk, and a channel that takes nothing are told of', async () => {
  const now = Date.now();
  await database.sql.query('TRUNCATE alerts, alert_deliveries');
  // Five days with 90 of 100 read, today 30 of 100: a third of the usual share. The other camera is as always.
  await database.sql.query(
    `INSERT INTO passage_counts (site_id, camera_id, outcome, reason, run, hour, before, total)
     SELECT 'home', camera, outcome, '', 'r' || day, date_bin('1 hour', to_timestamp($1 / 1000.0), '2000-01-01') - day * interval '1 day', 0,
       CASE WHEN day = 0 AND camera = 'gate' THEN 100 - read ELSE read END * 1
     FROM generate_series(0, 5) AS day, (VALUES ('gate'), ('yard')) AS cameras (camera),
       (VALUES ('read', 70), ('lost', 30)) AS outcomes (outcome, read)`,
    [now],
  );
  await database.sql.query(
    `INSERT INTO alert_deliveries (idempotency_key, channel_id, alert, created_at) VALUES
       ('a', 'mail', '{}', to_timestamp($1 / 1000.0)), ('b', 'hook', '{}', now())`,
    [now - DAY / 12],
  );
  const rules: RuleInput[] = [
    { id: 'rate', name: 'Rate', system: { read_rate_below: { share_of_usual: 0.7 } } },
    { id: 'disk', name: 'Disk', system: { disk_free_below: { share: 1 } } },
    { id: 'room', name: 'Room', system: { disk_free_below: { share: 0 } } },
    { id: 'silent', name: 'Silent', system: { nothing_delivered_for: { span: '1h' } } },
  ];
  await judge(rules, new CameraStates(), now);
  const found = await database.sql.query<{ rule_id: string; camera_id: string | null }>(
    'SELECT rule_id, camera_id FROM alerts ORDER BY rule_id',
  );
  expect(found).toEqual([
    { rule_id: 'disk', camera_id: null },
    { rule_id: 'rate', camera_id: 'gate' },
    { rule_id: 'silent', camera_id: null },
  ]);
  await database.sql.query("UPDATE alert_deliveries SET state = 'sent', ended_at = now() WHERE channel_id = 'mail'");
  await judge(rules, new CameraStates(), now + MINUTE);
  expect(await database.sql.query("SELECT rule_id FROM alerts WHERE status = 'withdrawn'")).toEqual([
    { rule_id: 'silent' },
  ]);
});
