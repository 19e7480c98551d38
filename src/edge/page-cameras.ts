import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { type Bus, Undecodable } from '../bus/bus.ts';
import type { CameraConfig } from '../camera/config.ts';
import type { CameraStatus } from '../contract/live.ts';
import type { PageCamera } from '../contract/page-camera.ts';
import type { CameraSet } from './camera-set.ts';

/** How often a camera that cannot run says so to pages that have opened since, milliseconds. */
const REPEAT_MS = 5000;

type PageCamerasOptions = Readonly<{
  bus: Bus;
  cameras: CameraSet;
  siteId: string;
  /** Ids of the cameras of the file, which the page cannot change. */
  fixed: ReadonlySet<string>;
  unseal: (camera: Pick<PageCamera, 'settings' | 'secrets'>) => Promise<CameraConfig>;
  log: Log;
}>;

/** Runs the cameras of this site that are added on the page, and follows every change of them. */
export async function openPageCameras(options: PageCamerasOptions): Promise<AsyncDisposable> {
  const following = new Following(options);
  const subscription = await options.bus.subscribe(
    { topic: 'cameras', group: 'edge-cameras', isOnlooker: true, fromStart: true, maxBatch: 100, maxWaitMs: 0 },
    async (batch) => {
      for (const arrival of batch) {
        const camera = arrival.read();
        if (camera instanceof Undecodable)
          options.log.warn({ err: camera.error }, 'a camera of the page is not understood');
        else following.take(camera);
      }
    },
  );
  return {
    async [Symbol.asyncDispose]() {
      await subscription[Symbol.asyncDispose]();
      await following[Symbol.asyncDispose]();
    },
  };
}

class Following implements AsyncDisposable {
  readonly #options: PageCamerasOptions;
  readonly #revisions = new Map<string, number>();
  readonly #faults = new Map<string, CameraStatus>();
  readonly #repeat = setInterval(() => void this.#tell([...this.#faults.values()]), REPEAT_MS);
  #changes: Promise<void> = Promise.resolve();
  #isClosing = false;

  constructor(options: PageCamerasOptions) {
    this.#options = options;
  }

  /** One change after the other: whoever published it does not wait for a camera that ends slowly. */
  take(camera: PageCamera): void {
    if ((this.#revisions.get(camera.id) ?? 0) >= camera.revision) return;
    this.#revisions.set(camera.id, camera.revision);
    this.#changes = this.#changes.then(() => this.#follow(camera));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#repeat);
    await this.#changes;
  }

  async #follow(camera: PageCamera): Promise<void> {
    const { cameras, siteId, fixed, unseal, log } = this.#options;
    // A later change may wait behind this one.
    if (this.#isClosing || (this.#revisions.get(camera.id) ?? 0) > camera.revision) return;
    const { id, site, state } = camera;
    if (fixed.has(id)) {
      if (site === siteId && state !== 'removed')
        log.warn({ camera_id: id }, 'a camera of the page has the id of one in the file, which counts');
      return;
    }
    const wasHere = (await cameras.stop(id)) || this.#faults.delete(id);
    if (site !== siteId) return;
    if (state === 'removed') {
      if (wasHere) await this.#tell([{ ...describe(camera, 'ended', 'Removed.'), gone: true }]);
      return;
    }
    if (state === 'paused') {
      await this.#tell([describe(camera, 'ended', 'Paused on the page.')]);
      return;
    }
    try {
      await cameras.start(await unseal(camera));
    } catch (error) {
      log.error({ camera_id: id, err: error }, 'a camera of the page cannot run');
      this.#faults.set(id, describe(camera, 'failed', messageOf(error)));
      await this.#tell([...this.#faults.values()]);
    }
  }

  async #tell(statuses: readonly CameraStatus[]): Promise<void> {
    const { bus, siteId, log } = this.#options;
    if (statuses.length === 0) return;
    try {
      await bus.publish(
        'live',
        statuses.map((status) => ({ kind: 'camera', status: { ...status, site_id: siteId } })),
      );
    } catch (error) {
      log.debug({ err: error }, 'the state of a camera is not shown');
    }
  }
}

function describe({ id, settings }: PageCamera, state: CameraStatus['state'], message: string): CameraStatus {
  return {
    camera_id: id,
    name: typeof settings.name === 'string' ? settings.name : id,
    kind: String(settings.kind),
    state,
    message,
    since: new Date().toISOString(),
    width: 0,
    height: 0,
    frames_in: 0,
    frames_processed: 0,
    frames_dropped: {},
    fps_in: 0,
    fps_processed: 0,
    passages: 0,
    passages_lost: 0,
    char_height_px: null,
    detector_provider: '',
  };
}
