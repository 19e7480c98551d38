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
    stage: new Histogram({
      name: 'alpr_stage_seconds',
      help: 'Time of each stage: detect, track, read, fuse, pictures, spool, publish, ingest',
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
    requests: new Histogram({
      name: 'alpr_http_request_seconds',
      help: 'HTTP requests by route and status',
      labelNames: ['route', 'status'],
      buckets: STAGE_BUCKETS,
      ...on,
    }),
  };
}
