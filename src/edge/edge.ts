import { join } from 'node:path';
import { lockFolder } from '../base/folder-lock.ts';
import type { Log } from '../base/log.ts';
import type { CameraConfig } from '../camera/config.ts';
import { encodeEvent } from '../contract/codec.ts';
import type { CameraStatus } from '../contract/live.ts';
import type { PageCamera } from '../contract/page-camera.ts';
import { openAudience } from './audience.ts';
import { type CameraParts, CameraSet } from './camera-set.ts';
import { openCameraTrials } from './camera-trials.ts';
import type { EdgeConfig } from './config.ts';
import { giveUpPictures } from './disk-space.ts';
import { letGarbageWait } from './garbage.ts';
import { OpenPassages } from './open-passages.ts';
import { openPageCameras } from './page-cameras.ts';
import { Publisher } from './publisher.ts';
import { Spool } from './spool.ts';

const CLEAR_MS = 1_800_000;

export type EdgeOptions = Omit<CameraParts, 'spool' | 'publisher' | 'openPassages' | 'audience'> &
  Readonly<{
    /** Cameras of the configuration file. */
    cameras: readonly CameraConfig[];
    /** Folder of the spool and the open passages, which this edge alone uses. */
    folder: string;
    /** Makes a camera of the page ready to be opened. */
    unseal: (camera: Pick<PageCamera, 'settings' | 'secrets'>) => Promise<CameraConfig>;
    /** When live pictures are shown. */
    livePictures: EdgeConfig['live_pictures'];
  }>;

export type Edge = AsyncDisposable &
  Readonly<{
    /** Resolves when every camera has ended; live cameras never do. */
    ended: Promise<void>;
    statuses(): readonly CameraStatus[];
  }>;

/**
 * Runs all cameras and turns their frames into spooled and published events. Disposal ends the cameras, then empties
 * the spool if it can. ALREADY_RUNNING when another edge has the folder.
 */
export async function runEdge(options: EdgeOptions): Promise<Edge> {
  const { bus, log, metrics, config, livePictures, tracing } = options;
  await using opened = new AsyncDisposableStack();
  opened.use(await lockFolder(options.folder));
  const spool = opened.use(
    await Spool.open({
      folder: join(options.folder, 'spool'),
      segmentBytes: config.spool_segment_bytes,
      log,
      freeSpace: () => giveUpPictures(options.images),
      onGivenUp: (events, reason) => metrics.eventsGivenUp.inc({ reason }, events),
    }),
  );
  metrics.eventsGivenUp.inc({ reason: 'damaged' }, spool.damagedRecords);
  const openPassages = await OpenPassages.open(join(options.folder, 'open-passages'), log);
  await endInterrupted(openPassages, spool, log);
  const publisher = opened.use(new Publisher({ spool, bus, log, metrics, ...(tracing && { tracing }) }));
  opened.use(clearNowAndThen(spool, log));

  opened.use(letGarbageWait());
  const audience = opened.use(await openAudience({ bus, mode: livePictures, log }));
  const cameras = opened.use(new CameraSet({ ...options, spool, publisher, openPassages, audience }));
  await Promise.all(options.cameras.map((camera) => cameras.start(camera)));
  // Whoever has no camera waits for the page to bring one.
  const ended = options.cameras.length > 0 ? cameras.ended() : new Promise<void>(() => {});
  if (config.follow_page) {
    const fixed = new Set(options.cameras.map(({ id }) => id));
    opened.use(await openPageCameras({ ...options, cameras, fixed }));
    opened.use(await openCameraTrials(options));
  }
  const closing = opened.move();
  return {
    ended,
    statuses: () => cameras.statuses(),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Plates that the bus has taken leave this disk soon, also where no vehicle passes for days. */
function clearNowAndThen(spool: Spool, log: Log): Disposable {
  const clear = () => spool.clear().catch((err: unknown) => log.warn({ err }, 'the spool cannot begin a new file'));
  const timer = setInterval(() => void clear(), CLEAR_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Gives passages that a crash cut off their final revision. */
async function endInterrupted(openPassages: OpenPassages, spool: Spool, log: Log): Promise<void> {
  for (const event of await openPassages.interrupted()) {
    await spool.append(encodeEvent(event));
    await openPassages.forget(event.event_id);
    log.info({ event_id: event.event_id, revision: event.revision }, 'an interrupted passage is ended');
  }
}
