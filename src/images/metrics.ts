import type { Telemetry } from '../telemetry/telemetry.ts';

export type ImagesMetrics = ReturnType<typeof createImagesMetrics>;

/** Pictures that were kept long enough. */
export function createExpiredCounter(telemetry: Telemetry) {
  return telemetry.counter({
    name: 'alpr_pictures_expired_total',
    help: 'Pictures removed from the folder because they are older than privacy.retention.pictures_days',
    unit: 'none',
    advice: 'When it stands still though pictures get old, the retention is off, or a hold keeps them.',
  });
}

/** What is counted of pictures on their way to an object store. */
export function createImagesMetrics(telemetry: Telemetry) {
  return {
    picturesWaiting: telemetry.gauge({
      name: 'alpr_pictures_waiting',
      help: 'Pictures kept on this machine until the object store has them',
      unit: 'none',
      advice: 'When it grows, the object store is away or too slow; images.ok of /health says why.',
    }),
    pictureUploads: telemetry.counter({
      name: 'alpr_picture_uploads_total',
      help: 'Uploads of pictures by outcome: stored, failed (tried again), given_up (no room to wait any longer)',
      unit: 'none',
      advice: 'When given_up grows, pictures are lost: bring the object store back, or give the edge more disk.',
      labels: ['outcome'],
    }),
  };
}
