import type { Telemetry } from '../telemetry/telemetry.ts';

export type ImagesMetrics = ReturnType<typeof createImagesMetrics>;

/** What is counted of pictures on their way to an object store. */
export function createImagesMetrics(telemetry: Telemetry) {
  return {
    picturesWaiting: telemetry.gauge({
      name: 'alpr_pictures_waiting',
      help: 'Pictures kept on this machine until the object store has them',
    }),
    pictureUploads: telemetry.counter({
      name: 'alpr_picture_uploads_total',
      help: 'Uploads of pictures by outcome: stored, failed (tried again), given_up (no room to wait any longer)',
      labels: ['outcome'],
    }),
  };
}
