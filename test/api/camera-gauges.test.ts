import { afterAll, beforeAll, expect, test } from 'vitest';
import { CameraGauges } from '../../src/api/camera-gauges.ts';
import { createLog } from '../../src/base/log.ts';
import type { Sql } from '../../src/db/sql.ts';
import { keepPassages } from '../../src/store/passage-counts.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';

const MINUTE = 60_000;
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

test('Figures of cameras are at most a minute old, and gone while the database is away', async () => {
  let [asked, isAway, now] = [0, false, Date.now()];
  const query: Sql['query'] = (...given) => {
    asked += 1;
    return isAway ? Promise.reject(new Error('the database is away')) : database.sql.query(...given);
  };
  const telemetry = new Telemetry();
  const sql = { ...database.sql, query };
  const gauges = new CameraGauges({ sql, telemetry, log: createLog({ level: 'silent' }), now: () => now });
  const scrape = async () => {
    await gauges.refresh();
    return (await telemetry.format()).text.match(/^alpr_camera_.*(?<=\d)$/gm) ?? [];
  };
  const count = (read: number, lost: number) =>
    keepPassages(database.sql, {
      siteId: 'home',
      run: 'edge',
      at: new Date(),
      counts: [
        { camera: 'north', outcome: 'read', reason: '', light: 'day', total: read },
        { camera: 'north', outcome: 'lost', reason: 'blur', light: 'night', total: lost },
      ],
    });
  await count(9, 1);
  const first = [
    'alpr_camera_read_ratio{site="home",camera="north"} 0.9',
    'alpr_camera_passages{site="home",camera="north",outcome="lost",reason="blur",light="night"} 1',
    'alpr_camera_passages{site="home",camera="north",outcome="read",reason="",light="day"} 9',
    'alpr_camera_corrected_ratio{site="home",camera="north"} 0',
  ];
  expect((await Promise.all([scrape(), scrape()]))[0]).toEqual(first);
  await count(15, 5);
  now += MINUTE - 1;
  expect(await scrape()).toEqual(first);
  expect(asked).toBe(3);
  now += 1;
  expect((await scrape())[0]).toBe('alpr_camera_read_ratio{site="home",camera="north"} 0.75');
  isAway = true;
  now += MINUTE;
  expect(await scrape()).toEqual([]);
  isAway = false;
  now += MINUTE;
  expect(await scrape()).toHaveLength(4);
});
