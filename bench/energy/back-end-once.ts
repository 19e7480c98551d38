import { createLog } from '../../src/base/log.ts';
import { openBus } from '../../src/bus/open.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import { createIngestMetrics } from '../../src/ingest/metrics.ts';
import { ingestService } from '../../src/ingest/service.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { makeEvents, openBenchDatabase } from '../backend/store.ts';

/** Makes as many events as the first argument says; with `store` as the second, takes them from the bus into a new database. */
const events = makeEvents(Number(process.argv[2]));
await using database = await openBenchDatabase();
const [log, telemetry] = [createLog({ level: 'warn' }), new Telemetry()];
const requiredGroups = ingestService.groups;
await using opened = await openBus({ config: { kind: 'memory' }, dataFolder: '', requiredGroups, log, telemetry });
await using _ = await runIngest({
  bus: opened.bus,
  sql: database.sql,
  images: { remove: async () => undefined },
  deadLetters: createDeadLetterTable(database.sql),
  log,
  metrics: createIngestMetrics(telemetry),
  config: ingestConfigSchema.parse(undefined),
});
if (process.argv[3] === 'store') {
  for (let at = 0; at < events.length; at += 10_000) await opened.bus.publish('plates', events.slice(at, at + 10_000));
}
