import path from 'node:path';
import { lockFolder } from '../base/folder-lock.ts';
import type { Log } from '../base/log.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { ImagesConfig } from './config.ts';
import type { Images } from './images.ts';

/** Hidden: any other name may be that of a picture. */
const LOCK = '.in-use-by';

type ImagesOptions = Readonly<{
  config: ImagesConfig;
  dataFolder: string;
  /**
   * For the process that takes pictures: it removes those that are too old, and keeps them in the data folder while an object
   * store is away. ALREADY_RUNNING when another process does that there.
   */
  uploads?: Readonly<{ telemetry: Telemetry; log: Log; retentionDays: number | null }>;
}>;

/** Opens the image store that the configuration names. A relative folder lies below `dataFolder`. */
export async function openImages({ config, dataFolder, uploads }: ImagesOptions): Promise<Images> {
  switch (config.kind) {
    case 'files': {
      const { openFileImages } = await import('./files.ts');
      const images = await openFileImages(path.resolve(dataFolder, config.folder));
      if (!uploads || uploads.retentionDays === null) return images;
      const [{ openPictureRetention }, { createExpiredCounter }] = await Promise.all([
        import('./retention.ts'),
        import('./metrics.ts'),
      ]);
      const { telemetry, log, retentionDays: days } = uploads;
      const expired = createExpiredCounter(telemetry);
      const retention = openPictureRetention({ images, days, expired, log });
      return { ...images, [Symbol.asyncDispose]: () => retention[Symbol.asyncDispose]() };
    }
    case 's3': {
      const { openS3Images } = await import('./s3.ts');
      const noteNoRule = (error: unknown) =>
        uploads?.log.warn({ err: error }, 'the bucket takes no rule: it keeps pictures as long as its owner says');
      const store = openS3Images({ ...config, retentionDays: uploads?.retentionDays ?? null }, noteNoRule);
      if (!uploads) return store;
      const { openFileImages } = await import('./files.ts');
      const { openWaitingImages } = await import('./waiting.ts');
      const { createImagesMetrics } = await import('./metrics.ts');
      const { telemetry, log } = uploads;
      const folder = path.resolve(dataFolder, config.waiting_folder);
      await using opened = new AsyncDisposableStack();
      opened.use(await lockFolder(folder, LOCK));
      const files = await openFileImages(folder);
      const local = { ...files, [Symbol.asyncDispose]: () => closing.disposeAsync() };
      const limitBytes = config.waiting_bytes;
      const images = await openWaitingImages({
        local,
        store,
        limitBytes,
        metrics: createImagesMetrics(telemetry),
        log,
      });
      const closing = opened.move();
      return images;
    }
  }
}
