import path from 'node:path';
import type { Log } from '../base/log.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { ImagesConfig } from './config.ts';
import type { Images } from './images.ts';

type ImagesOptions = Readonly<{
  config: ImagesConfig;
  dataFolder: string;
  /**
   * For the process that takes pictures: it removes those that are too old, and keeps them in the data folder while an
   * object store is away. Only one process may set it.
   */
  uploads?: Readonly<{ telemetry: Telemetry; log: Log }>;
}>;

/** Opens the image store that the configuration names. A relative folder lies below `dataFolder`. */
export async function openImages({ config, dataFolder, uploads }: ImagesOptions): Promise<Images> {
  switch (config.kind) {
    case 'files': {
      const { openFileImages } = await import('./files.ts');
      const images = await openFileImages(path.resolve(dataFolder, config.folder));
      if (!uploads || config.retention_days === null) return images;
      const [{ openPictureRetention }, { createExpiredCounter }] = await Promise.all([
        import('./retention.ts'),
        import('./metrics.ts'),
      ]);
      const { telemetry, log } = uploads;
      const expired = createExpiredCounter(telemetry);
      const retention = openPictureRetention({ images, days: config.retention_days, expired, log });
      return { ...images, [Symbol.asyncDispose]: () => retention[Symbol.asyncDispose]() };
    }
    case 's3': {
      const { openS3Images } = await import('./s3.ts');
      const noteNoRule = (error: unknown) =>
        uploads?.log.warn({ err: error }, 'the bucket takes no rule: it keeps pictures as long as its owner says');
      const store = openS3Images(config, noteNoRule);
      if (!uploads) return store;
      const { openFileImages } = await import('./files.ts');
      const { openWaitingImages } = await import('./waiting.ts');
      const local = await openFileImages(path.resolve(dataFolder, config.waiting_folder));
      const { createImagesMetrics } = await import('./metrics.ts');
      const { telemetry, log } = uploads;
      const metrics = createImagesMetrics(telemetry);
      return openWaitingImages({ local, store, limitBytes: config.waiting_bytes, metrics, log });
    }
  }
}
