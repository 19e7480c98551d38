import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import type { MetricsReport } from '../../src/contract/metrics-report.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import { createIngestMetrics } from '../../src/ingest/metrics.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';
import { readPassageRate, removeOldPassages } from '../../src/store/passage-counts.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeReport } from './make-report.ts';

const log = createLog({ level: 'silent' });
const HOUR = 3_600_000;
/** The middle of the hour before this one. */
const NOW = Math.floor(Date.now() / HOUR) * HOUR - HOUR / 2;
let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.sql.query('TRUNCATE passage_counts'));

/** Hands reports to an ingest that starts for them and ends after them. */
async function report(...reports: readonly MetricsReport[]): Promise<void> {
  const { sql } = database;
  await using bus = await openInProcessBus(['ingest']);
  const metrics = createIngestMetrics(new Telemetry());
  const config = ingestConfigSchema.parse(undefined);
  const images = { remove: async () => undefined };
  const deadLetters = createDeadLetterTable(sql);
  await using _ = await runIngest({ bus, sql, images, deadLetters, log, metrics, config });
  await bus.publish('metrics', reports);
}

const listHours = () =>
  database.sql.query(`SELECT camera_id AS camera, outcome, reason, hour, passages::int AS passages
    FROM passages_per_camera_hour ORDER BY hour, camera_id, outcome, reason`);

test('Passages are kept by camera, hour and reason, whatever of the reports is lost or comes twice', async () => {
  const startedAt = NOW - 4 * HOUR;
  const first = makeReport([{ read: 8, lost: 2 }], { startedAt, at: NOW - 2 * HOUR });
  const later = makeReport([{ read: 9, lost: 2 }], { startedAt, at: NOW - 2 * HOUR + 60_000 });
  await report(first, later, first);
  await report(makeReport([{ read: 12, lost: 2 }], { startedAt, at: NOW }), later);
  const hourOf = (at: number) => new Date(Math.floor(at / HOUR) * HOUR);
  expect(await listHours()).toEqual([
    { camera: 'north', outcome: 'lost', reason: 'blur', hour: hourOf(NOW - 2 * HOUR), passages: 2 },
    { camera: 'north', outcome: 'read', reason: '', hour: hourOf(NOW - 2 * HOUR), passages: 9 },
    { camera: 'north', outcome: 'read', reason: '', hour: hourOf(NOW), passages: 3 },
  ]);
  expect(await readPassageRate(database.sql, undefined)).toBeCloseTo(12 / 14);
});

test('A process that starts anew under the same name counts from zero, and nothing is taken away', async () => {
  await report(makeReport([{ read: 5, lost: 5 }], { startedAt: NOW - HOUR, at: NOW - 60_000 }));
  await report(makeReport([{ read: 1 }], { startedAt: NOW - 30_000, at: NOW }));
  await report(makeReport([{ read: 3 }], { startedAt: NOW - 30_000, at: NOW, instance: 'gate-8' }));
  expect(await readPassageRate(database.sql, undefined)).toBeCloseTo(9 / 14);
});

test('The rate is of 24 hours and of the cameras that one may see, and unknown without a passage', async () => {
  expect(await readPassageRate(database.sql, undefined)).toBeNull();
  const startedAt = NOW - 40 * HOUR;
  await report(
    makeReport([{ read: 0, lost: 100 }], { startedAt, at: NOW - 30 * HOUR }),
    makeReport(
      [
        { read: 3, lost: 101 },
        { camera: 'south', read: 0, lost: 1 },
      ],
      { startedAt, at: NOW },
    ),
    makeReport([{ read: 1e6 }], { startedAt: 0, at: Date.UTC(2199, 0, 1) }),
  );
  expect(await readPassageRate(database.sql, undefined)).toBeCloseTo(3 / 5);
  expect(await readPassageRate(database.sql, { cameras: ['south'], sites: [] })).toBe(0);
  await removeOldPassages(database.sql, new Date(NOW - 24 * HOUR));
  expect(await listHours()).toHaveLength(3);
  expect(await readPassageRate(database.sql, undefined)).toBeCloseTo(3 / 5);
});
