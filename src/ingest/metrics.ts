import type { Telemetry } from '../telemetry/telemetry.ts';

export type IngestMetrics = ReturnType<typeof createIngestMetrics>;

/** What is counted on the way from the bus into the database. */
export function createIngestMetrics(telemetry: Telemetry) {
  return {
    stage: telemetry.stage,
    ingested: telemetry.counter({
      name: 'alpr_ingested_total',
      help: 'Events taken from the bus by outcome: written, stale (older revision), erased (refused for ever), dead',
      unit: 'none',
      advice: 'When written stands still while events are spooled, look at alpr_ingest_works and alpr_consumer_lag.',
      labels: ['outcome'],
    }),
    eventToRow: telemetry.seconds({
      name: 'alpr_event_to_row_seconds',
      help: 'Time from when a revision of an event was published until it stood in the database; not of those that came again',
      unit: 'seconds',
      advice:
        'When more than 1 % take over 2 s: look at alpr_spool_entries of the edges, at alpr_consumer_lag, then at the database. All of one edge far too late or within a millisecond: its clock is wrong.',
      objective: 2,
    }),
    misdated: telemetry.counter({
      name: 'alpr_events_misdated_total',
      help: 'Events taken whose time cannot be: before 2010 or more than a day ahead',
      unit: 'none',
      advice: 'When it grows, the clock of an edge is wrong; the log names the cameras.',
    }),
    redated: telemetry.counter({
      name: 'alpr_events_redated_total',
      help: 'Revisions that named another detected_at than their event has, and were kept with the event’s',
      unit: 'none',
      advice: 'When it grows, a program of somebody else changes the times of events: look who sends them.',
    }),
    works: telemetry.gauge({
      name: 'alpr_ingest_works',
      help: '1 from the start and after a batch was written, 0 while batches are tried again, for example because the database is away',
      unit: 'none',
      advice: 'When it is 0 for two minutes, events are not stored: look at the database; they wait on the bus.',
    }),
    retries: telemetry.counter({
      name: 'alpr_ingest_retries_total',
      help: 'Batches that could not be written and come again, by error code',
      unit: 'none',
      advice: 'When it grows, look up the error code: the page of errors says what helps.',
      labels: ['cause'],
    }),
    deadLetters: telemetry.counter({
      name: 'alpr_dead_letters_total',
      help: 'Messages that could never be handled, by cause',
      unit: 'none',
      advice: 'When it grows, alpr dlq list shows the messages and why; hand them in again once the cause is mended.',
      labels: ['cause'],
    }),
  };
}
