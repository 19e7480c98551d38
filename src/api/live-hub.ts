import type { Log } from '../base/log.ts';
import type { Bus, BusMessage } from '../bus/bus.ts';
import { decodeEvent } from '../contract/codec.ts';
import { type CameraStatus, cameraStatusSchema, liveMetaSchema } from '../contract/live.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Topics } from '../contract/topics.ts';
import type { Sql } from '../db/sql.ts';
import { StoredPlates } from './stored-plates.ts';
import { ViewerDemand } from './viewer-demand.ts';

const GROUP = 'api-live';
const MAX_CAMERAS = 1000;
/** Where pictures come only while somebody looks, one that is older than this shows what was, not what is. Milliseconds. */
const FRESH_MS = 30_000;

/** One frame of an event stream. `boxes` may be skipped for a slow viewer, the others may not. */
export type LiveEvent = Readonly<{ name: 'plate' | 'boxes' | 'camera'; data: string }>;

/** A camera's picture as JPEG and the moment of its frame, the same as `at` of its boxes. */
type LivePicture = Readonly<{ jpeg: Uint8Array; at: string; cameAt: number }>;

/** What the cameras show now, and who is told; of plates only once they are stored. Remembers the newest picture and state of each camera only. */
export class LiveHub implements AsyncDisposable {
  readonly #log: Log;
  readonly #plates: StoredPlates;
  readonly #pictures = new Map<string, LivePicture>();
  readonly #cameras = new Map<string, CameraStatus>();
  readonly #viewers = new Set<(event: LiveEvent) => void>();
  readonly #subscriptions = new AsyncDisposableStack();
  #demand: ViewerDemand | undefined;

  constructor({ sql, log }: Readonly<{ sql: Sql; log: Log }>) {
    this.#log = log;
    this.#plates = new StoredPlates({ sql, log, tell: (data) => this.#tell({ name: 'plate', data }) });
  }

  /** Begins to listen on the bus, in a group of its own. */
  async open(bus: Bus, topics: Topics): Promise<void> {
    this.#subscriptions.use(this.#plates);
    const group = { group: GROUP, maxBatch: 500, maxWaitMs: 0 };
    const plates = await bus.subscribe({ topic: topics.plates, ...group }, async (batch) => this.#takePlates(batch));
    this.#subscriptions.use(plates);
    const live = await bus.subscribe({ topic: topics.live, ...group }, async (batch) => this.#takeLive(batch));
    this.#subscriptions.use(live);
    this.#demand = this.#subscriptions.use(new ViewerDemand({ bus, topic: topics.watch, log: this.#log }));
  }

  /** States of all cameras seen since the start, by id. */
  cameras(): readonly CameraStatus[] {
    return [...this.#cameras.values()].sort((a, b) => a.camera_id.localeCompare(b.camera_id));
  }

  /** The newest picture of a camera, of which newer ones are wished for from now on. */
  picture(cameraId: string): LivePicture | undefined {
    this.#demand?.addLook(cameraId);
    const picture = this.#pictures.get(cameraId);
    const isStale = this.#demand?.isNeeded && picture && performance.now() - picture.cameAt > FRESH_MS;
    return isStale ? undefined : picture;
  }

  /** Calls `tell` for each event from now on; answers how to end it. `tell` must not throw. */
  watch(tell: (event: LiveEvent) => void): () => void {
    this.#viewers.add(tell);
    const leave = this.#demand?.addViewer();
    return () => {
      this.#viewers.delete(tell);
      leave?.();
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#subscriptions.disposeAsync();
  }

  /** Never throws and never waits: a viewer must not hold up the bus. What is no event is ingest's to report. */
  #takePlates(batch: readonly BusMessage[]): void {
    if (this.#viewers.size === 0) return;
    const events: PlateEvent[] = [];
    for (const message of batch) this.#guard('plate', () => events.push(decodeEvent(message.value)));
    this.#plates.add(events);
  }

  #takeLive(batch: readonly BusMessage[]): void {
    for (const message of batch) {
      if (message.headers.kind === 'picture') this.#guard('picture', () => this.#takePicture(message));
      else if (message.headers.kind === 'camera') this.#guard('camera', () => this.#takeCamera(message));
    }
  }

  #takePicture(message: BusMessage): void {
    const meta = liveMetaSchema.parse(JSON.parse(message.headers.meta ?? ''));
    if (!this.#pictures.has(meta.camera_id) && this.#pictures.size >= MAX_CAMERAS) return;
    this.#pictures.set(meta.camera_id, { jpeg: message.value, at: meta.at, cameAt: performance.now() });
    this.#tell({ name: 'boxes', data: JSON.stringify(meta) });
  }

  #takeCamera(message: BusMessage): void {
    const status = cameraStatusSchema.parse(JSON.parse(Buffer.from(message.value).toString('utf8')));
    if (!this.#cameras.has(status.camera_id) && this.#cameras.size >= MAX_CAMERAS) return;
    this.#cameras.set(status.camera_id, status);
    this.#tell({ name: 'camera', data: JSON.stringify(status) });
  }

  #tell(event: LiveEvent): void {
    for (const viewer of this.#viewers) viewer(event);
  }

  #guard(kind: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#log.debug({ kind, err: error }, 'a live message is not understood and not shown');
    }
  }
}
