import type { Alert } from '../../contract/alert.ts';
import type { EventPage } from '../../contract/api/events.ts';
import type { Stats } from '../../contract/api/stats.ts';
import type { CameraStatus, LiveMeta } from '../../contract/live.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { Cell } from './cell.ts';
import { fetchCameras, fetchRecent, fetchStats } from './client.ts';
import { EventAlerts, OpenAlerts } from './event-alerts.ts';
import { KEPT, mergeReads, type Read } from './reads.ts';
import { Stream } from './stream.ts';

const STATS_EVERY_MS = 10_000;

/** Cameras that are new come in quick succession; after this pause all are there. */
const NEWCOMERS_MS = 300;

/** Everything the page knows about the running system, kept up to date by the stream while the page is open. */
export class Feed {
  /** Newest first; undefined until the first answer. */
  readonly reads = new Cell<readonly Read[] | undefined>(undefined);
  readonly cameras = new Cell<readonly CameraStatus[] | undefined>(undefined);
  readonly stats = new Cell<Stats | undefined>(undefined);
  /** Cursor of the reads before the oldest one in the list; null when there are none. */
  readonly older = new Cell<string | null>(null);
  /** The newest event seen for the first time over the stream. */
  readonly arrived = new Cell<PlateEvent | undefined>(undefined);
  /** The newest alert, or revision of one, that came over the stream. */
  readonly alert = new Cell<Alert | undefined>(undefined);
  readonly alerts = new EventAlerts();
  readonly openAlerts = new OpenAlerts();
  /** Why the last request failed; undefined while all is well. */
  readonly problem = new Cell<unknown>(undefined);
  readonly stream: Stream;
  #newcomers = 0;
  #wasOpen = false;
  readonly #boxes = new Map<string, Cell<LiveMeta | undefined>>();

  constructor() {
    const handlers = {
      plate: (data: string) => this.#takePlate(JSON.parse(data) as PlateEvent),
      boxes: (data: string) => this.#takeBoxes(JSON.parse(data) as LiveMeta),
      alert: (data: string) => this.#takeAlert(JSON.parse(data) as Alert),
      camera: (data: string) => this.#takeCamera(JSON.parse(data) as CameraStatus),
      // The stream does not repeat everything, as after minutes without a database.
      gap: () => void this.#attempt(() => this.#fetchMissed()),
    };
    this.stream = new Stream('/live', handlers, () => this.#takeUp());
  }

  /** Connects and keeps connected; the returned function ends it. */
  start(): () => void {
    this.stream.connect();
    void this.refresh();
    const timer = window.setInterval(() => document.hidden || void this.#refreshStats(), STATS_EVERY_MS);
    const reconnect = () => this.stream.connect();
    // A browser allows few connections to one server, so a hidden page closes its own.
    const follow = () => (document.hidden ? this.stream.pause() : this.stream.connect());
    window.addEventListener('online', reconnect);
    document.addEventListener('visibilitychange', follow);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', reconnect);
      document.removeEventListener('visibilitychange', follow);
      this.stream.close();
    };
  }

  /** The newest boxes of one camera. */
  boxesOf(cameraId: string): Cell<LiveMeta | undefined> {
    const cell = this.#boxes.get(cameraId) ?? new Cell<LiveMeta | undefined>(undefined);
    this.#boxes.set(cameraId, cell);
    return cell;
  }

  /** Fetches what the stream does not repeat: reads missed while away, cameras, figures. */
  async refresh(): Promise<void> {
    await this.#attempt(async () => {
      const [{ cameras }] = await Promise.all([fetchCameras(), this.#fetchMissed(), this.#refreshStats()]);
      this.cameras.set(cameras);
    });
  }

  /** Fetches the newest reads back to one that is known; a list that does not reach back so far begins anew, so that it never has a gap. */
  async #fetchMissed(): Promise<void> {
    const known = new Set(this.reads.value?.map(({ event }) => event.event_id));
    const events: PlateEvent[] = [];
    let next: string | null = null;
    let meets = false;
    do {
      const page: EventPage = await fetchRecent(next);
      events.push(...page.events);
      next = page.next;
      meets = page.events.some(({ event_id }) => known.has(event_id));
    } while (known.size > 0 && !meets && next !== null && events.length < KEPT);
    const reads = this.reads.value ?? [];
    const before = meets ? reads : reads.filter(({ event }) => !known.has(event.event_id));
    if (!meets) this.older.set(next);
    this.reads.set(mergeReads(before, events, false));
  }

  /** Adds the next page of older reads to the list. */
  async loadOlder(): Promise<void> {
    await this.#attempt(async () => {
      const page = await fetchRecent(this.older.value);
      this.reads.set(mergeReads(this.reads.value ?? [], page.events, false));
      this.older.set(page.next);
    });
  }

  /** The stream is open again. */
  #takeUp(): void {
    void this.refresh();
    // Without the count the bell stands alone.
    this.openAlerts.refresh().catch(() => undefined);
    if (this.#wasOpen) this.alerts.renew();
    this.#wasOpen = true;
  }

  async #refreshStats(): Promise<void> {
    await this.#attempt(async () => this.stats.set(await fetchStats()));
  }

  async #refreshCameras(): Promise<void> {
    await this.#attempt(async () => this.cameras.set((await fetchCameras()).cameras));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.problem.set(undefined);
    } catch (error) {
      this.problem.set(error);
    }
  }

  #takePlate(event: PlateEvent): void {
    const before = this.reads.value ?? [];
    const isNew = !before.some((read) => read.event.event_id === event.event_id);
    this.reads.set(mergeReads(before, [event], true));
    if (!isNew) return;
    this.alerts.expect(event.event_id);
    this.arrived.set(event);
  }

  #takeAlert(alert: Alert): void {
    this.alerts.take(alert);
    if (alert.status === 'raised' && alert.held_back === null) this.openAlerts.mark(alert.alert_id, true);
    this.alert.set(alert);
  }

  #takeBoxes(meta: LiveMeta): void {
    this.boxesOf(meta.camera_id).set(meta);
  }

  #takeCamera(status: CameraStatus): void {
    const others = (this.cameras.value ?? []).filter(({ camera_id }) => camera_id !== status.camera_id);
    if (status.gone) {
      this.cameras.set(others);
      return;
    }
    const before = this.cameras.value ?? [];
    const known = before.some((camera) => camera.camera_id === status.camera_id);
    this.cameras.set(
      known ? before.map((camera) => (camera.camera_id === status.camera_id ? status : camera)) : [...before, status],
    );
    if (known) return;
    // Only the API knows where a camera that is new to the page stands among the others.
    clearTimeout(this.#newcomers);
    this.#newcomers = window.setTimeout(() => void this.#refreshCameras(), NEWCOMERS_MS);
  }
}
