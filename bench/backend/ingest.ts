import { createLog } from '../../src/base/log.ts';
import { openBus } from '../../src/bus/open.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import { createIngestMetrics } from '../../src/ingest/metrics.ts';
import { ingestService } from '../../src/ingest/service.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { printRows, type Row } from '../row.ts';
import { makeEvents, openBenchDatabase } from './store.ts';

const EVENTS = 50_000;
const PUBLISHED_AT_ONCE = 10_000;
const ONE_BY_ONE = 2000;

/**
 * Events a second from the bus to durable rows with all indexes (decoding included), against the same rows by one INSERT
 * each, committed in transactions of 500 as a careful writer without COPY would.
 */
export async function run(): Promise<readonly Row[]> {
  await using database = await openBenchDatabase();
  const single = await insertOneByOne(database.sql, makeEvents(ONE_BY_ONE, 7));
  await database.sql.query('TRUNCATE plate_events, plate_texts, event_revisions');
  const whole = await ingest(database.sql, makeEvents(EVENTS));
  return [
    { what: `INSERT one by one, 500 a transaction, ${ONE_BY_ONE} events`, value: single, unit: 'events/s', ratio: 1 },
    { what: `bus → COPY → upsert, ${EVENTS} events`, value: whole, unit: 'events/s', ratio: whole / single },
  ];
}

async function ingest(sql: Sql, events: readonly PlateEvent[]): Promise<number> {
  const log = createLog({ level: 'warn' });
  const telemetry = new Telemetry();
  const requiredGroups = ingestService.groups;
  await using opened = await openBus({ config: { kind: 'memory' }, dataFolder: '', requiredGroups, log, telemetry });
  const { bus } = opened;
  const metrics = createIngestMetrics(telemetry);
  const config = ingestConfigSchema.parse(undefined);
  const images = { remove: async () => undefined };
  await using _ = await runIngest({ bus, sql, images, deadLetters: createDeadLetterTable(sql), log, metrics, config });
  const started = performance.now();
  for (let at = 0; at < events.length; at += PUBLISHED_AT_ONCE) {
    await bus.publish('plates', events.slice(at, at + PUBLISHED_AT_ONCE));
  }
  return (1000 * events.length) / (performance.now() - started);
}

async function insertOneByOne(sql: Sql, events: readonly PlateEvent[]): Promise<number> {
  const started = performance.now();
  for (let at = 0; at < events.length; at += 500) {
    await sql.transaction(async (session) => {
      for (const event of events.slice(at, at + 500)) {
        const { event_id, detected_at, revision, status, plate } = event;
        await session.query('INSERT INTO plate_texts (text) VALUES ($1) ON CONFLICT DO NOTHING', [
          plate.text_normalized,
        ]);
        const own = [event_id, detected_at, revision, status, JSON.stringify(event)];
        await session.query(
          `INSERT INTO plate_events (event_id, detected_at, revision, status, event, site_id, camera_id, text_normalized,
             candidates, confidence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT (event_id, detected_at) DO UPDATE SET revision = EXCLUDED.revision, event = EXCLUDED.event
           WHERE plate_events.revision < EXCLUDED.revision`,
          [
            ...own,
            event.site_id,
            event.camera_id,
            plate.text_normalized,
            [plate.candidates[1]?.text],
            plate.confidence,
          ],
        );
      }
    });
  }
  return (1000 * events.length) / (performance.now() - started);
}

if (import.meta.main) printRows(await run());
