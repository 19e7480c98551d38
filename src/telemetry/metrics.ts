import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const STAGE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export type Metrics = ReturnType<typeof createMetrics>;

/** All metrics of one process on a registry of its own. Seconds and counts, names as Prometheus advises. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const on = { registers: [registry] };
  return {
    registry,
    frames: new Counter({
      name: 'alpr_frames_total',
      help: 'Frames by what became of them: processed, skipped (motion gate), dropped_queue (waited too long), dropped_late (not fetched in time), failed',
      labelNames: ['camera', 'outcome'],
      ...on,
    }),
    passages: new Counter({
      name: 'alpr_passages_total',
      help: 'Ended passages: outcome read or lost, with the reason for lost ones',
      labelNames: ['camera', 'outcome', 'reason'],
      ...on,
    }),
    events: new Counter({
      name: 'alpr_events_total',
      help: 'Event revisions spooled, by status',
      labelNames: ['camera', 'status'],
      ...on,
    }),
    ingested: new Counter({
      name: 'alpr_ingested_total',
      help: 'Events taken from the bus by outcome: written, stale (older revision), dead',
      labelNames: ['outcome'],
      ...on,
    }),
    ingestWorks: new Gauge({
      name: 'alpr_ingest_works',
      help: '1 after a batch was written, 0 while batches are tried again, for example because the database is away',
      ...on,
    }),
    ingestRetries: new Counter({
      name: 'alpr_ingest_retries_total',
      help: 'Batches that could not be written and come again, by error code',
      labelNames: ['cause'],
      ...on,
    }),
    indexed: new Counter({
      name: 'alpr_indexed_total',
      help: 'Events taken from the bus into the search index by outcome: written, stale (older revision), refused, unreadable',
      labelNames: ['outcome'],
      ...on,
    }),
    indexWorks: new Gauge({
      name: 'alpr_index_works',
      help: '1 after a batch was indexed, 0 while the search engine is tried again',
      ...on,
    }),
    indexRetries: new Counter({
      name: 'alpr_index_retries_total',
      help: 'Batches that could not be indexed and come again, by error code',
      labelNames: ['cause'],
      ...on,
    }),
    stage: new Histogram({
      name: 'alpr_stage_seconds',
      help: 'Time of each stage: detect, track, read, fuse, pictures, spool, publish, ingest, index',
      labelNames: ['stage'],
      buckets: STAGE_BUCKETS,
      ...on,
    }),
    picturesFailed: new Counter({
      name: 'alpr_pictures_failed_total',
      help: 'Events whose pictures could not be stored',
      labelNames: ['camera'],
      ...on,
    }),
    picturesWaiting: new Gauge({
      name: 'alpr_pictures_waiting',
      help: 'Pictures kept on this machine until the object store has them',
      ...on,
    }),
    pictureUploads: new Counter({
      name: 'alpr_picture_uploads_total',
      help: 'Uploads of pictures by outcome: stored, failed (tried again), given_up (no room to wait any longer)',
      labelNames: ['outcome'],
      ...on,
    }),
    eventsGivenUp: new Counter({
      name: 'alpr_events_given_up_total',
      help: 'Events of the spool that are lost: disk_full (nothing else was left to give up) damaged (on the disk) or disk_refused (not even written, for too long or until the stop)',
      labelNames: ['reason'],
      ...on,
    }),
    eventsRefused: new Counter({
      name: 'alpr_events_refused_total',
      help: 'Events that the broker refused for good, such as too large ones; they were put aside',
      ...on,
    }),
    eventsAside: new Gauge({
      name: 'alpr_events_aside',
      help: 'Refused events that lie aside at the edge until its next start',
      ...on,
    }),
    spoolBytes: new Gauge({ name: 'alpr_spool_bytes', help: 'Size of the files of the spool in bytes', ...on }),
    spool: new Gauge({ name: 'alpr_spool_entries', help: 'Entries in the spool not yet acknowledged', ...on }),
    cameraUp: new Gauge({
      name: 'alpr_camera_up',
      help: '1 while the camera delivers frames',
      labelNames: ['camera'],
      ...on,
    }),
    cameraRestarts: new Counter({
      name: 'alpr_camera_restarts_total',
      help: 'Times a camera stream had to be opened again',
      labelNames: ['camera'],
      ...on,
    }),
    busUp: new Gauge({
      name: 'alpr_bus_up',
      help: '1 while the broker answers: the producer, and each topic and group of a consumer',
      labelNames: ['client'],
      ...on,
    }),
    busFailures: new Counter({
      name: 'alpr_bus_failures_total',
      help: 'Times that the broker did not answer or refused',
      labelNames: ['client'],
      ...on,
    }),
    lag: new Gauge({
      name: 'alpr_consumer_lag',
      help: 'Messages on the partitions of this process that it has not handled yet, by topic and group; the sum over processes is that of the group',
      labelNames: ['topic', 'group'],
      ...on,
    }),
    deadLetters: new Counter({
      name: 'alpr_dead_letters_total',
      help: 'Messages that could never be handled, by cause',
      labelNames: ['cause'],
      ...on,
    }),
    requests: new Histogram({
      name: 'alpr_http_request_seconds',
      help: 'HTTP requests by route and status',
      labelNames: ['route', 'status'],
      buckets: STAGE_BUCKETS,
      ...on,
    }),
  };
}
