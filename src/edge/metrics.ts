import type { Telemetry } from '../telemetry/telemetry.ts';

export type EdgeMetrics = ReturnType<typeof createEdgeMetrics>;

/** What an edge counts: cameras, frames, passages, and what waits in the spool. */
export function createEdgeMetrics(telemetry: Telemetry) {
  return {
    stage: telemetry.stage,
    frames: telemetry.counter({
      name: 'alpr_frames_total',
      help: 'Frames by what became of them: processed, skipped (motion gate), dropped_queue (waited too long), dropped_late (not fetched in time), failed',
      labels: ['camera', 'outcome'],
    }),
    passages: telemetry.counter({
      name: 'alpr_passages_total',
      help: 'Ended passages: outcome read or lost, with the reason for lost ones',
      labels: ['camera', 'outcome', 'reason'],
    }),
    events: telemetry.counter({
      name: 'alpr_events_total',
      help: 'Event revisions spooled, by status',
      labels: ['camera', 'status'],
    }),
    picturesFailed: telemetry.counter({
      name: 'alpr_pictures_failed_total',
      help: 'Events whose pictures were not stored: waiting (too many events waited for the disk), disk_full (nearly) or store_failed',
      labels: ['camera', 'reason'],
    }),
    eventsGivenUp: telemetry.counter({
      name: 'alpr_events_given_up_total',
      help: 'Events of the spool that are lost: disk_full (nothing else was left to give up) damaged (on the disk) or disk_refused (not even written, for too long or until the stop)',
      labels: ['reason'],
    }),
    eventsRefused: telemetry.counter({
      name: 'alpr_events_refused_total',
      help: 'Events that the broker refused for good, such as too large ones; they were put aside',
    }),
    eventsAside: telemetry.gauge({
      name: 'alpr_events_aside',
      help: 'Refused events that lie aside at the edge until its next start',
    }),
    spoolBytes: telemetry.gauge({ name: 'alpr_spool_bytes', help: 'Size of the files of the spool in bytes' }),
    spool: telemetry.gauge({ name: 'alpr_spool_entries', help: 'Entries in the spool not yet acknowledged' }),
    spoolOldest: telemetry.gauge({
      name: 'alpr_spool_oldest_timestamp_seconds',
      help: 'When the event that waits longest in the spool was made, seconds since 1970; 0 while none waits',
    }),
    cameraUp: telemetry.gauge({
      name: 'alpr_camera_up',
      help: '1 while the camera delivers frames',
      labels: ['camera'],
    }),
    cameraRestarts: telemetry.counter({
      name: 'alpr_camera_restarts_total',
      help: 'Times a camera stream had to be opened again',
      labels: ['camera'],
    }),
  };
}
