import type { Telemetry } from '../telemetry/telemetry.ts';

export type EdgeMetrics = ReturnType<typeof createEdgeMetrics>;

/** What an edge counts: cameras, frames, passages, and what waits in the spool. */
export function createEdgeMetrics(telemetry: Telemetry) {
  return {
    stage: telemetry.stage,
    frames: telemetry.counter({
      name: 'alpr_frames_total',
      help: 'Frames by what became of them: processed, skipped (motion gate), dropped_queue (waited too long), dropped_late (not fetched in time), failed',
      unit: 'none',
      advice: 'When dropped grows, the machine is too slow for its cameras: lower their frame rate, or give it fewer.',
      labels: ['camera', 'outcome'],
    }),
    passages: telemetry.counter({
      name: 'alpr_passages_total',
      help: 'Ended passages by outcome (read; lost, with the reason; no_plate, a vehicle that went by without any plate seen) and light (day, night, by the picture)',
      unit: 'none',
      advice: 'The read rate is read / (read + lost). When it falls, the reasons of the lost ones name the remedy.',
      labels: ['camera', 'outcome', 'reason', 'light'],
    }),
    events: telemetry.counter({
      name: 'alpr_events_total',
      help: 'Event revisions spooled, by status',
      unit: 'none',
      advice: 'When it stands still on a busy road, look at alpr_camera_up and at alpr_frames_total.',
      labels: ['camera', 'status'],
    }),
    picturesFailed: telemetry.counter({
      name: 'alpr_pictures_failed_total',
      help: 'Events whose pictures were not stored: waiting (too many events waited for the disk), disk_full (nearly) or store_failed',
      unit: 'none',
      advice: 'When it grows, events go out without pictures: make room on the disk of the edge, or look at the store.',
      labels: ['camera', 'reason'],
    }),
    eventsGivenUp: telemetry.counter({
      name: 'alpr_events_given_up_total',
      help: 'Events of the spool that are lost: disk_full (nothing else was left to give up) damaged (on the disk) or disk_refused (not even written, for too long or until the stop)',
      unit: 'none',
      advice: 'When it grows, events are being lost: look at the disk of the edge now.',
      labels: ['reason'],
    }),
    eventsRefused: telemetry.counter({
      name: 'alpr_events_refused_total',
      help: 'Events that the broker refused for good, such as too large ones; they were put aside',
      unit: 'none',
      advice: 'When it grows, look at the limits of the broker for the size of messages.',
    }),
    eventsAside: telemetry.gauge({
      name: 'alpr_events_aside',
      help: 'Refused events that lie aside at the edge until its next start',
      unit: 'none',
      advice: 'When it is above 0, mend why the broker refused them, then start the edge anew: it sends them again.',
    }),
    spoolBytes: telemetry.gauge({
      name: 'alpr_spool_bytes',
      help: 'Size of the files of the spool',
      unit: 'bytes',
      advice: 'When it nears the free disk, bring the broker back before pictures and events are lost.',
    }),
    spool: telemetry.gauge({
      name: 'alpr_spool_entries',
      help: 'Entries in the spool not yet acknowledged',
      unit: 'none',
      advice: 'When it only grows, the edge cannot deliver: look at the broker and at the network to it.',
    }),
    spoolOldest: telemetry.gauge({
      name: 'alpr_spool_oldest_timestamp_seconds',
      help: 'When the event that waits longest in the spool was made, as Unix time; 0 while none waits',
      unit: 'seconds',
      advice:
        'When it lies more than some minutes back, the edge cannot deliver: look at the broker and at the network to it.',
    }),
    cameraUp: telemetry.gauge({
      name: 'alpr_camera_up',
      help: '1 while the camera delivers frames',
      unit: 'none',
      advice: 'When it is 0 for two minutes, alpr doctor says why: power, network, password or stream.',
      labels: ['camera'],
    }),
    cameraRestarts: telemetry.counter({
      name: 'alpr_camera_restarts_total',
      help: 'Times a camera stream had to be opened again',
      unit: 'none',
      advice: 'When it grows steadily, the network to the camera is unsteady, or the camera has too many viewers.',
      labels: ['camera'],
    }),
  };
}
