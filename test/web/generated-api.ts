import type { ManagedCamera, ManagedList } from '../../src/contract/api/camera-settings.ts';
import type { Health } from '../../src/contract/api/health.ts';
import type { Stats } from '../../src/contract/api/stats.ts';
import type { CameraStatus } from '../../src/contract/live.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { createCamera, createEvent } from './generated-events.ts';
import { createModels, createShadow } from './generated-models.ts';
import { createQuality, createQualityDetail } from './generated-quality.ts';
import { describeSystem, describeWay, listLines } from './generated-system.ts';

const MINUTE_MS = 60_000;

type Answer = Readonly<{ status: number; body: object }>;

/** Answers the page's questions from events in memory, in the shapes of the real API. */
export class GeneratedApi {
  cameras: CameraStatus[];
  /** What /health says beside the cameras. */
  database = { ok: true, kind: 'embedded' };
  /** How many events have an impossible time. */
  misdated = 0;
  readonly #revisions = new Map<string, PlateEvent[]>();
  readonly #now: number;

  constructor(options: Readonly<{ events: number; now: number }>) {
    this.#now = options.now;
    this.cameras = [createCamera('gate', options.now), createCamera('yard', options.now)];
    for (let number = 0; number < options.events; number += 1) {
      const at = options.now - (options.events - number) * 3.7 * MINUTE_MS;
      this.put(createEvent({ number, at, revision: 1, status: 'provisional' }));
      this.put(createEvent({ number, at }));
    }
  }

  put(event: PlateEvent): void {
    this.#revisions.set(event.event_id, [...(this.#revisions.get(event.event_id) ?? []), event]);
  }

  /** Forgets every event, as on the first start. */
  forget(): void {
    this.#revisions.clear();
  }

  /** The newest revision of every event, newest event first. */
  passed(): readonly PlateEvent[] {
    return this.#newest();
  }

  answer(url: URL): Answer {
    const [, root, part, last] = url.pathname.split('/');
    if (root === 'health') return ok(this.#health());
    if (root === 'stats') return ok(this.#stats());
    if (root === 'system') return ok(part === 'log' ? listLines(url) : describeSystem(this.#now));
    if (root === 'models') return ok(part === undefined ? createModels(this.#now) : createShadow(this.#now));
    if (root === 'cameras' && part === 'settings') return ok(this.#managed());
    if (root === 'cameras' && part === 'quality')
      return ok({ cameras: this.cameras.map((status) => createQuality(status, this.#now)) });
    if (root === 'cameras' && last === 'quality') return this.#quality(part, Number(url.searchParams.get('hours')));
    if (root === 'cameras') return ok({ cameras: this.cameras });
    if (root === 'saved-searches') return ok({ searches: [] });
    if (root === 'alerts') return ok(part === 'of-events' ? { events: {} } : { alerts: [], next: null });
    if (root !== 'events') return refuse(404, 'NOT_FOUND', `There is no ${url.pathname}.`);
    if (part === 'recent') return ok(paginate(this.#newest(), url, 'events'));
    if (part === 'search') return this.#search(url);
    if (part === 'plate')
      return ok(
        paginate(
          this.#newest().filter((event) => textOf(event) === last),
          url,
          'events',
        ),
      );
    if (last === 'notes') return ok({ notes: [] });
    if (!/^[0-9a-f-]{36}$/.test(part ?? ''))
      return refuse(400, 'INPUT_INVALID', 'The value of id in the address does not fit: expected a UUID');
    const revisions = this.#revisions.get(part ?? '');
    if (last === 'way' && revisions !== undefined) return ok(describeWay(revisions));
    if (revisions === undefined) return refuse(404, 'NOT_FOUND', `There is no event ${part}. It may have been erased.`);
    return ok({ event: revisions.at(-1), revisions, misdated: false });
  }

  /** The gate is of the file, the others are of the page. */
  #managed(): ManagedList {
    const cameras = this.cameras.map((status): ManagedCamera => {
      const isOfFile = status.camera_id === 'gate';
      return {
        ...{ id: status.camera_id, site: 'home', origin: isOfFile ? 'file' : 'page', paused: false, status },
        settings: isOfFile ? null : { id: status.camera_id, kind: 'rtsp', url: 'rtsp://10.0.0.12/stream' },
        ...{ has_secrets: !isOfFile, yaml: isOfFile ? null : '- kind: rtsp\n', changed_at: null },
      };
    });
    return { cameras, sites: ['home'] };
  }

  #quality(id: string | undefined, hours: number): Answer {
    const status = this.cameras.find(({ camera_id }) => camera_id === id);
    if (!status) return refuse(404, 'NOT_FOUND', `Nothing is known of a camera ${id}.`);
    return ok(createQualityDetail(status, this.#now, hours));
  }

  #newest(): readonly PlateEvent[] {
    const events = [...this.#revisions.values()].map((revisions) => revisions.at(-1) as PlateEvent);
    return events.toSorted((a, b) => (a.detected_at < b.detected_at ? 1 : -1));
  }

  #search(url: URL): Answer {
    const given = url.searchParams;
    const filters = ['camera', 'direction', 'zone', 'from', 'to', 'min_confidence'];
    if (!['q', ...filters].some((name) => given.has(name))) {
      return refuse(
        400,
        'INPUT_INVALID',
        'The query does not fit: expected a text (q) or a filter, such as camera or from',
      );
    }
    const passed = this.#newest().filter((event) => passesFilter(event, given));
    if (!given.has('q')) {
      const reason = { kind: 'filter', distance: 0, detail: 'passes the filter' };
      const results = passed.map((event) => ({ event, score: 1, reason }));
      return ok({ ...paginate(results, url, 'results'), mode: 'filter' });
    }
    const q = (given.get('q') ?? '').toUpperCase();
    const allowed = given.get('mode') === 'fuzzy' ? /^[A-Z0-9]+$/ : /^[A-Z0-9?*]+$/;
    if (!allowed.test(q)) return refuse(400, 'INPUT_INVALID', 'q: expected letters, digits, ? and *.');
    const results = passed
      .flatMap((event) => {
        const reason = explain(textOf(event), q);
        return reason ? [{ event, score: 1 - reason.distance / 10, reason }] : [];
      })
      .toSorted((a, b) => b.score - a.score);
    const mode = /[?*]/.test(q) ? 'wildcard' : 'fuzzy';
    return ok({ ...paginate(results, url, 'results'), mode });
  }

  #health(): Health {
    return {
      status:
        this.database.ok && !this.cameras.some(({ state }) => state === 'retrying' || state === 'failed')
          ? 'ok'
          : 'degraded',
      version: '0.1.0',
      uptime_s: 4_321,
      database: this.database,
      bus: { ok: true, kind: 'memory' },
      search: { ok: true, kind: 'postgres' },
      images: { ok: true, kind: 'files' },
      reading: { ok: true, kind: 'not loaded yet' },
      disk: { ok: true },
      services: { ok: true },
      models: [
        { name: 'plate-detector', id: 'plate-detector@5f1c09ad33be', provider: 'cpu' },
        { name: 'plate-reader', id: 'plate-reader@b27e4410c9d2', provider: 'cpu' },
      ],
      cameras: this.cameras.map(({ camera_id, state, message }) => ({ id: camera_id, state, message })),
    };
  }

  #stats(): Stats {
    const events = this.#newest();
    const counts = new Map<string, number>();
    for (const event of events) counts.set(textOf(event), (counts.get(textOf(event)) ?? 0) + 1);
    const shape = [3, 1, 0, 0, 2, 9, 24, 41, 38, 30, 22, 25, 31, 28, 26, 33, 45, 52, 40, 27, 18, 12, 8, 14];
    const per_hour = shape.map((count, index) => ({
      hour: new Date(this.#now - (23 - index) * 60 * MINUTE_MS).toISOString(),
      events: events.length === 0 ? 0 : count,
    }));
    return {
      events_total: events.length,
      events_24h: per_hour.reduce((sum, hour) => sum + hour.events, 0),
      unique_plates_24h: counts.size,
      read_rate_24h: events.length === 0 ? null : 0.968,
      mean_confidence_24h: events.length === 0 ? null : 0.941,
      per_hour,
      per_camera: this.cameras.map(({ camera_id }) => ({
        camera_id,
        events: events.filter((event) => event.camera_id === camera_id).length,
      })),
      top_plates: [...counts].map(([text, count]) => ({ text, events: count })),
      misdated_events: this.misdated,
    };
  }
}

function textOf(event: PlateEvent): string {
  return event.plate.text_normalized;
}

function passesFilter(event: PlateEvent, given: URLSearchParams): boolean {
  const at = Date.parse(event.detected_at);
  const from = Date.parse(given.get('from') ?? '1900-01-01');
  const to = Date.parse(given.get('to') ?? '2199-01-01');
  const camera = given.get('camera') ?? event.camera_id;
  const { crossings, zones } = event.motion;
  const [direction, zone] = [given.get('direction'), given.get('zone')];
  if (direction && !crossings?.some((crossing) => crossing.direction === direction)) return false;
  if (zone && !zones?.some((stay) => stay.zone === zone)) return false;
  return event.camera_id === camera && at >= from && at <= to;
}

/** Exact, by pattern, or one substitution away; enough to show every kind of reason. */
function explain(text: string, q: string): Readonly<{ kind: string; distance: number; detail: string }> | undefined {
  if (text === q) return { kind: 'exact', distance: 0, detail: '' };
  const pattern = new RegExp(`^${q.replaceAll('?', '.').replaceAll('*', '.*')}$`);
  if (/[?*]/.test(q)) return pattern.test(text) ? { kind: 'wildcard', distance: 0, detail: '' } : undefined;
  if (text.length !== q.length) return undefined;
  const wrong = [...text].flatMap((c, index) => (c === q[index] ? [] : [index]));
  const [at] = wrong;
  if (wrong.length !== 1 || at === undefined) return undefined;
  return { kind: 'lookalike', distance: 1, detail: `${q[at]}↔${text[at]} at ${at + 1}` };
}

function paginate(all: readonly object[], url: URL, name: string): object {
  const start = Number(url.searchParams.get('cursor') ?? 0);
  const end = start + Number(url.searchParams.get('limit') ?? 50);
  return { [name]: all.slice(start, end), next: end < all.length ? String(end) : null };
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function refuse(status: number, code: string, message: string): Answer {
  return { status, body: { code, message } };
}
