import type { Telemetry } from '../telemetry/telemetry.ts';

export type IngestMetrics = ReturnType<typeof createIngestMetrics>;

/** What is counted on the way from the bus into the database. */
export function createIngestMetrics(telemetry: Telemetry) {
  return {
    stage: telemetry.stage,
    ingested: telemetry.counter({
      name: 'alpr_ingested_total',
      help: 'Events taken from the bus by outcome: written, stale (older revision), erased (refused for ever), dead',
      labels: ['outcome'],
    }),
    misdated: telemetry.counter({
      name: 'alpr_events_misdated_total',
      help: 'Events taken whose time cannot be: before 2010 or more than a day ahead',
    }),
    redated: telemetry.counter({
      name: 'alpr_events_redated_total',
      help: 'Revisions that named another detected_at than their event has, and were kept with the event’s',
    }),
    works: telemetry.gauge({
      name: 'alpr_ingest_works',
      help: '1 from the start and after a batch was written, 0 while batches are tried again, for example because the database is away',
    }),
    retries: telemetry.counter({
      name: 'alpr_ingest_retries_total',
      help: 'Batches that could not be written and come again, by error code',
      labels: ['cause'],
    }),
    deadLetters: telemetry.counter({
      name: 'alpr_dead_letters_total',
      help: 'Messages that could never be handled, by cause',
      labels: ['cause'],
    }),
  };
}
