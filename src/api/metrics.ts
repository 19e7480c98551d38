import type { Telemetry } from '../telemetry/telemetry.ts';

export type ApiMetrics = ReturnType<typeof createApiMetrics>;

/** What the API counts. */
export function createApiMetrics(telemetry: Telemetry) {
  return {
    requests: telemetry.seconds({
      name: 'alpr_http_request_seconds',
      help: 'HTTP requests by pattern of their route, method and status; `none` is no route',
      unit: 'seconds',
      advice:
        'When a route gets slow, look at the database first: long searches and a cold cache are the usual causes.',
      labels: ['route', 'method', 'status'],
      objective: 0.1,
    }),
  };
}

export type CameraMetrics = ReturnType<typeof createCameraMetrics>;

/** Cameras of one database that are shown; what one process sees of cameras is less. */
export const MOST_CAMERAS = 10_000;

const OF_A_CAMERA = { most: { camera: MOST_CAMERAS, site: 1000 }, isReported: false } as const;

/** How well each camera is read, from the database: what a restart of an edge does not forget. */
export function createCameraMetrics(telemetry: Telemetry) {
  const gauge = (declaration: Omit<Parameters<Telemetry['gauge']>[0], 'labels'>) =>
    telemetry.gauge({ ...declaration, labels: ['site', 'camera'], ...OF_A_CAMERA });
  return {
    readRatio: gauge({
      name: 'alpr_camera_read_ratio',
      help: 'Share of the plates seen in the newest six hours that were read; absent below ten plates',
      unit: 'ratio',
      advice:
        'Below 80 % of its usual share: clean the lens, look at the light and at where the camera points; Camera health names what is lost and why.',
    }),
    usualReadRatio: gauge({
      name: 'alpr_camera_read_ratio_usual',
      help: 'Median of the daily share of plates that were read, over the 14 days before the newest; absent below three days of 20 plates',
      unit: 'ratio',
      advice: 'What alpr_camera_read_ratio is held against. When it sinks over weeks, plan a visit to the camera.',
    }),
    passages: telemetry.gauge({
      name: 'alpr_camera_passages',
      help: 'Passages of the newest 24 hours by outcome (read, lost, no_plate), the reason of a lost one, and light (day, night; empty where not known)',
      unit: 'none',
      advice:
        'When one reason leads the lost ones, it names the remedy: too_small wants a longer lens, blur a shorter exposure, low_score more light. Many no_plate: the camera looks at the wrong side of the vehicles.',
      labels: ['site', 'camera', 'outcome', 'reason', 'light'],
      ...OF_A_CAMERA,
    }),
    confidence: gauge({
      name: 'alpr_camera_confidence_mean',
      help: 'Mean confidence of the newest final reads, a hundred and 24 hours at most',
      unit: 'ratio',
      advice: 'When it sinks while plates are still read, the picture or the model got worse: look at newest reads.',
    }),
    doubtful: gauge({
      name: 'alpr_camera_doubtful_ratio',
      help: 'Share of the newest final reads, a hundred and 24 hours at most, that are in doubt and wait for a person, or that a person has decided',
      unit: 'ratio',
      advice: 'When it grows, more reads want a review: give people time for the queue, and look at the camera.',
    }),
    corrected: gauge({
      name: 'alpr_camera_corrected_ratio',
      help: 'Share of the plates read in the newest 14 days that people corrected or retracted',
      unit: 'ratio',
      advice: 'When it grows, the reader errs: export the corrections and train with them.',
    }),
    charHeight: gauge({
      name: 'alpr_camera_char_height_pixels',
      help: 'Median height of the characters of the newest final reads, a hundred and 24 hours at most',
      unit: 'pixels',
      advice:
        'Below 14 pixels reads are less certain, below 8 mostly guesses: zoom in, or mount the camera nearer. A sudden change: it was moved.',
    }),
    drift: telemetry.gauge({
      name: 'alpr_camera_drift_ratio',
      help: 'How far the reads of the newest day differ from those of the 14 days before, in confidence, region, sharpness or character height (what): population stability index, corrected for chance; absent below 100 reads a day',
      unit: 'ratio',
      advice:
        'From 0.25 the distribution has shifted; Camera health shows how. Character height: the camera was moved or zoomed. Sharpness: focus, dirt or light. Confidence alone: the model, or plates that it does not know. Region: other traffic.',
      labels: ['site', 'camera', 'what'],
      ...OF_A_CAMERA,
    }),
    clockOffset: gauge({
      name: 'alpr_camera_clock_offset_seconds',
      help: 'How far the clock of the edge is ahead of that of the database: the largest lead of a publication over its storage among the newest reads; a little below zero is the way to the database',
      unit: 'seconds',
      advice: 'Beyond one second either way: set up NTP on the machine of the edge.',
    }),
    newestEvent: gauge({
      name: 'alpr_camera_newest_event_timestamp_seconds',
      help: 'When the newest event was detected, as Unix time',
      unit: 'seconds',
      advice: 'When it lies far back on a busy road: look at alpr_camera_up, then at the spool of the edge.',
    }),
  };
}
