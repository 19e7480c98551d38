import type { Log } from '../base/log.ts';
import { type Arrival, type Bus, Undecodable } from '../bus/bus.ts';
import type { CameraStatus, LiveMessage } from '../contract/live.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { StoredPlates } from './stored-plates.ts';
import { ViewerDemand } from './viewer-demand.ts';

const GROUP = 'api-live';
const MAX_CAMERAS = 1000;
/** When pictures come only on demand, an older one than this is out of date. Milliseconds. */
const FRESH_MS = 30_000;

/** One message of an event stream. `boxes` may be skipped for a slow viewer, the others may not. */
export type LiveEvent = Readonly<{ name: 'plate' | 'boxes' | 'camera'; data: string }>;

/** A camera's picture as JPEG and the moment of its frame, the same as `at` of its boxes. */
type LivePicture = Readonly<{ jpeg: Uint8Array; at: string; cameAt: number }>;

type LiveHubOptions = Readonly<{
  bus: Bus;
  sql: Sql;
  log: Log;
  isOnDemand: boolean;
  /** Ids of the configured cameras, in the order of the file. */
  cameraOrder?: readonly string[];
}>;

/** Knows the newest picture and state of each camera and notifies viewers; of plates only once they are stored. */
export class LiveHub implements AsyncDisposable {
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #plates: StoredPlates;
  readonly #demand: ViewerDemand;
  readonly #pictures = new Map<string, LivePicture>();
  readonly #cameras = new Map<string, CameraStatus>();
  readonly #viewers = new Set<(event: LiveEvent) => void>();
  readonly #subscriptions = new AsyncDisposableStack();
  readonly #places: ReadonlyMap<string, number>;

  constructor({ bus, sql, log, isOnDemand, cameraOrder = [] }: LiveHubOptions) {
    this.#bus = bus;
    this.#log = log;
    this.#plates = this.#subscriptions.use(
      new StoredPlates({ sql, log, tell: (data) => this.#tell({ name: 'plate', data }) }),
    );
    this.#demand = this.#subscriptions.use(new ViewerDemand({ bus, isNeeded: isOnDemand, log }));
    this.#places = new Map(cameraOrder.map((id, place) => [id, place]));
  }

  /** Begins to listen on the bus. */
  async open(): Promise<void> {
    const onlooker = { group: GROUP, isOnlooker: true, maxBatch: 500, maxWaitMs: 0 };
    const takePlates = async (batch: readonly Arrival<PlateEvent>[]) => this.#takePlates(batch);
    this.#subscriptions.use(await this.#bus.subscribe({ topic: 'plates', ...onlooker }, takePlates));
    const takeLive = async (batch: readonly Arrival<LiveMessage>[]) => this.#takeLive(batch);
    this.#subscriptions.use(await this.#bus.subscribe({ topic: 'live', ...onlooker }, takeLive));
  }

  /** States of all cameras seen since the start: in the order of the configuration, then by id. */
  cameras(): readonly CameraStatus[] {
    const placeOf = ({ camera_id }: CameraStatus) => this.#places.get(camera_id) ?? this.#places.size;
    return [...this.#cameras.values()].sort(
      (a, b) => placeOf(a) - placeOf(b) || a.camera_id.localeCompare(b.camera_id),
    );
  }

  /** The newest picture of a camera, of which newer ones are asked for from now on. */
  picture(cameraId: string): LivePicture | undefined {
    this.#demand.addLook(cameraId);
    const picture = this.#pictures.get(cameraId);
    const isStale = this.#demand.isNeeded && picture && performance.now() - picture.cameAt > FRESH_MS;
    return isStale ? undefined : picture;
  }

  /** Calls `tell` for each event from now on and returns a function that stops it. `tell` must not throw. */
  watch(tell: (event: LiveEvent) => void): () => void {
    this.#viewers.add(tell);
    const leave = this.#demand.addViewer();
    return () => {
      this.#viewers.delete(tell);
      leave();
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#subscriptions.disposeAsync();
  }

  /**
   * Never throws and never waits, because a viewer must not hold up the bus. Ingest reports messages that are not
   * events.
   */
  #takePlates(batch: readonly Arrival<PlateEvent>[]): void {
    if (this.#viewers.size === 0) return;
    const events = batch.map((arrival) => arrival.read());
    this.#plates.add(events.filter((event): event is PlateEvent => !(event instanceof Undecodable)));
  }

  #takeLive(batch: readonly Arrival<LiveMessage>[]): void {
    for (const arrival of batch) {
      const message = arrival.read();
      if (message instanceof Undecodable) {
        this.#log.debug({ err: message.error }, 'a live message is not understood and not shown');
      } else if (message.kind === 'picture') this.#takePicture(message);
      else this.#takeCamera(message.status);
    }
  }

  #takePicture({ meta, jpeg }: Extract<LiveMessage, { kind: 'picture' }>): void {
    if (!this.#pictures.has(meta.camera_id) && this.#pictures.size >= MAX_CAMERAS) return;
    this.#pictures.set(meta.camera_id, { jpeg, at: meta.at, cameAt: performance.now() });
    this.#tell({ name: 'boxes', data: JSON.stringify(meta) });
  }

  #takeCamera(status: CameraStatus): void {
    if (!this.#cameras.has(status.camera_id) && this.#cameras.size >= MAX_CAMERAS) return;
    this.#cameras.set(status.camera_id, status);
    this.#tell({ name: 'camera', data: JSON.stringify(status) });
  }

  #tell(event: LiveEvent): void {
    for (const viewer of this.#viewers) viewer(event);
  }
}
