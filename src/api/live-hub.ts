import type { Log } from '../base/log.ts';
import { type Arrival, type Bus, Undecodable } from '../bus/bus.ts';
import { admits, type Place, type Scope } from '../contract/access.ts';
import type { Alert } from '../contract/alert.ts';
import type { LiveName } from '../contract/api/live.ts';
import type { CameraStatus, LiveMessage } from '../contract/live.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { readStoredSince } from '../store/events.ts';
import { LiveHistory, type ToldPlate, timeOfPlace } from './live-history.ts';
import { StoredPlates } from './stored-plates.ts';
import { ViewerDemand } from './viewer-demand.ts';

const GROUP = 'api-live';
const MAX_CAMERAS = 1000;
/** When pictures come only on demand, an older one than this is out of date. Milliseconds. */
const FRESH_MS = 30_000;
/** So long after the last viewer has left, plates are still listened to: it may only have been cut off. Milliseconds. */
const KEEP_MS = 600_000;
/** An event may be told this much later than it was stored, and the clocks of two machines may differ. Milliseconds. */
const OVERLAP_MS = 60_000;
/** Whoever was away for longer gets what was stored in this time, milliseconds. */
const MAX_AWAY_MS = 24 * 3_600_000;

/** One message of an event stream. `boxes` may be skipped for a slow viewer, the others may not. A `gap` is for whoever wants plates. */
export type ToldEvent = Readonly<{ name: LiveName | 'gap'; data: string; id?: string }>;

/** The same with where it was. */
type LiveEvent = ToldEvent & Readonly<{ name: LiveName; from: Place }>;

/** What a viewer is called with, what it wants to hear of, and what it may see. */
type Viewer = Readonly<{ wanted: ReadonlySet<LiveName>; scope: Scope; tell: (event: ToldEvent) => void }>;

/** A camera's picture as JPEG and the moment of its frame, the same as `at` of its boxes. */
type LivePicture = Readonly<{ jpeg: Uint8Array; at: string; cameAt: number; from: Place }>;

type LiveHubOptions = Readonly<{
  bus: Bus;
  sql: Sql;
  log: Log;
  isOnDemand: boolean;
  /** Ids of the configured cameras, in the order of the file. */
  cameraOrder?: readonly string[];
  demandPace?: ConstructorParameters<typeof ViewerDemand>[0]['pace'];
}>;

/** Knows the newest picture and state of each camera and notifies viewers; of plates only once they are stored. */
export class LiveHub implements AsyncDisposable {
  readonly #bus: Bus;
  readonly #sql: Sql;
  readonly #log: Log;
  readonly #history = new LiveHistory();
  readonly #plates: StoredPlates;
  readonly #demand: ViewerDemand;
  readonly #pictures = new Map<string, LivePicture>();
  readonly #cameras = new Map<string, CameraStatus>();
  readonly #viewers = new Set<Viewer>();
  #listensUntil = 0;
  readonly #subscriptions = new AsyncDisposableStack();
  readonly #places: ReadonlyMap<string, number>;

  constructor({ bus, sql, log, isOnDemand, cameraOrder = [], demandPace }: LiveHubOptions) {
    this.#bus = bus;
    this.#sql = sql;
    this.#log = log;
    this.#plates = this.#subscriptions.use(
      new StoredPlates({
        sql,
        log,
        tell: (news) => this.#tell(asEvent(this.#history.add(news))),
        leaveOut: () => this.#leaveOut(),
      }),
    );
    this.#demand = this.#subscriptions.use(
      new ViewerDemand({ bus, isNeeded: isOnDemand, log, ...(demandPace && { pace: demandPace }) }),
    );
    this.#places = new Map(cameraOrder.map((id, place) => [id, place]));
  }

  /** Begins to listen on the bus. */
  async open(): Promise<void> {
    const onlooker = { group: GROUP, isOnlooker: true, maxBatch: 500, maxWaitMs: 0 };
    const takePlates = async (batch: readonly Arrival<PlateEvent>[]) => this.#takePlates(batch);
    this.#subscriptions.use(await this.#bus.subscribe({ topic: 'plates', ...onlooker }, takePlates));
    const takeLive = async (batch: readonly Arrival<LiveMessage>[]) => this.#takeLive(batch);
    this.#subscriptions.use(await this.#bus.subscribe({ topic: 'live', ...onlooker }, takeLive));
    const takeAlerts = async (batch: readonly Arrival<Alert>[]) => this.#takeAlerts(batch);
    this.#subscriptions.use(await this.#bus.subscribe({ topic: 'alerts', ...onlooker }, takeAlerts));
  }

  /** States of the cameras that the scope admits and that were seen since the start: in the order of the configuration, then by id. */
  cameras(scope: Scope): readonly CameraStatus[] {
    const orderOf = ({ camera_id }: CameraStatus) => this.#places.get(camera_id) ?? this.#places.size;
    const seen = [...this.#cameras.values()].filter((status) => admits(scope, placeOf(status)));
    return seen.sort((a, b) => orderOf(a) - orderOf(b) || a.camera_id.localeCompare(b.camera_id));
  }

  /** The newest picture of a camera, of which newer ones are asked for from now on. */
  picture(cameraId: string, scope: Scope): LivePicture | undefined {
    const picture = this.#pictures.get(cameraId);
    const mayLook = picture
      ? admits(scope, picture.from)
      : admits(scope, { camera: cameraId, site: undefined }) || this.knows(cameraId, scope);
    if (!mayLook) return undefined;
    this.#demand.addLook(cameraId);
    const isStale = this.#demand.isNeeded && picture && performance.now() - picture.cameAt > FRESH_MS;
    return isStale ? undefined : picture;
  }

  /** Whether this camera has told its state or shown a picture since the start, and the scope admits it. */
  knows(cameraId: string, scope: Scope): boolean {
    const status = this.#cameras.get(cameraId);
    const places = [status && placeOf(status), this.#pictures.get(cameraId)?.from];
    return places.some((place) => place !== undefined && admits(scope, place));
  }

  /** The place in the stream after everything that was told, from which on nothing is missed for some minutes. */
  place(): string {
    this.#listensUntil = performance.now() + KEEP_MS;
    return this.#history.place;
  }

  /** Plates of the scope that were told after a place; undefined when only the database knows them, see `readStored`. */
  after(place: string, scope: Scope): readonly ToldEvent[] | undefined {
    const told = this.#history.after(place);
    return told?.filter(({ from }) => admits(scope, from)).map(asEvent);
  }

  /**
   * What is known of plates since a place which another process gave, or this one long ago: a gap, and those that were stored since,
   * the newest revision of each, also some that the viewer has. The gap alone for what is no place.
   */
  async readStored(place: string, scope: Scope): Promise<readonly ToldEvent[]> {
    const told = timeOfPlace(place);
    const gap = describeGap(told);
    if (told === undefined) return [gap];
    const now = Date.now();
    const since = Math.max(Math.min(told, now) - OVERLAP_MS, now - MAX_AWAY_MS);
    const events = await readStoredSince(this.#sql, new Date(since).toISOString(), scope);
    return [gap, ...events.map((data) => ({ name: 'plate', data }) as const)];
  }

  /** Whoever was cut off is told from the database what they missed: something was erased. */
  forget(): void {
    this.#history.interrupt();
  }

  /** Calls the viewer for each event from now on and returns a function that stops it. `tell` must not throw. */
  watch(viewer: Viewer): () => void {
    this.#viewers.add(viewer);
    // Boxes come with pictures, which the edges send only where somebody looks.
    const leave = viewer.wanted.has('boxes') ? this.#demand.addViewer() : undefined;
    return () => {
      this.#viewers.delete(viewer);
      this.#listensUntil = performance.now() + KEEP_MS;
      leave?.();
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
    if (this.#viewers.size === 0 && performance.now() > this.#listensUntil) {
      this.#history.interrupt();
      return;
    }
    const events = batch.map((arrival) => arrival.read());
    this.#plates.add(events.filter((event): event is PlateEvent => !(event instanceof Undecodable)));
  }

  /** Some plates will not be told, such as those that a database stores when it is back after minutes. */
  #leaveOut(): void {
    this.#history.interrupt();
    const gap = describeGap(Date.now() - OVERLAP_MS);
    for (const { wanted, tell } of this.#viewers) if (wanted.has('plate')) tell(gap);
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

  /** What is not understood is in the inbox all the same. */
  #takeAlerts(batch: readonly Arrival<Alert>[]): void {
    for (const arrival of batch) {
      const alert = arrival.read();
      if (!(alert instanceof Undecodable))
        this.#tell({ name: 'alert', data: JSON.stringify(alert), from: placeOfAlert(alert) });
    }
  }

  #takePicture({ meta, jpeg }: Extract<LiveMessage, { kind: 'picture' }>): void {
    if (!this.#pictures.has(meta.camera_id) && this.#pictures.size >= MAX_CAMERAS) return;
    this.#pictures.set(meta.camera_id, { jpeg, at: meta.at, cameAt: performance.now(), from: placeOf(meta) });
    this.#tell({ name: 'boxes', data: JSON.stringify(meta), from: placeOf(meta) });
  }

  #takeCamera(status: CameraStatus): void {
    const { camera_id: id, gone = false } = status;
    if (gone) {
      this.#cameras.delete(id);
      this.#pictures.delete(id);
    } else if (this.#cameras.has(id) || this.#cameras.size < MAX_CAMERAS) this.#cameras.set(id, status);
    else return;
    this.#tell({ name: 'camera', data: JSON.stringify(status), from: placeOf(status) });
  }

  #tell(event: LiveEvent): void {
    for (const { wanted, scope, tell } of this.#viewers) {
      if (wanted.has(event.name) && admits(scope, event.from)) tell(event);
    }
  }
}

/** Says between which times plates may have been missed that the stream does not repeat; `since` in milliseconds, if it is known. */
function describeGap(since: number | undefined): ToldEvent {
  const now = Date.now();
  const from = since === undefined ? null : new Date(Math.min(since, now)).toISOString();
  return { name: 'gap', data: JSON.stringify({ since: from, until: new Date(now).toISOString() }) };
}

function asEvent({ id, data, from }: ToldPlate): LiveEvent {
  return { name: 'plate', data, id, from };
}

/** What is about the system and no camera is for those who may see everything. */
function placeOfAlert({ passage, system }: Alert): Place {
  if (passage) return { camera: passage.camera_id, site: passage.site_id };
  return { camera: system?.what === 'camera_down' ? system.subject : '', site: undefined };
}

function placeOf({ camera_id: camera, site_id: site }: Pick<CameraStatus, 'camera_id' | 'site_id'>): Place {
  return { camera, site };
}
