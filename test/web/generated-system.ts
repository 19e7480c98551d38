import type { LogTailAnswer, SystemAnswer } from '../../src/contract/api/system.ts';
import type { EventWay, WayStep } from '../../src/contract/api/way.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';

/** A process of four services, of which one is stopped, beside an edge that is silent. */
export function describeSystem(now: number): SystemAnswer {
  const since = new Date(now - 4_321_000).toISOString();
  const well = { bus: { ok: true, kind: 'memory' }, database: { ok: true, kind: 'embedded' } };
  const running = { state: 'running', since, restarts: 0, parts: well } as const;
  const edge = {
    site_id: 'yard',
    service: 'edge',
    instance: 'yard-pc-4711',
    is_this: false,
    version: '0.1.0',
    started_at: since,
    reported_at: new Date(now - 600_000).toISOString(),
    is_silent: true,
    lag: [],
    spool: { entries: 12, bytes: 48_200, oldest_at: new Date(now - 900_000).toISOString() },
    dead_letter_count: 0,
    models: [{ model: 'alpr-read@b27e4410c9d2', kind: 'reader', provider: 'cpu', cameras: 'all' as const }],
    model_versions: [],
    model_registry_contact_at: null,
  };
  const lag = [{ topic: 'alpr.events.plates', group: 'ingest', messages: 2345 }];
  return {
    services: [
      { name: 'ingest', summary: 'take events', ...running, restarts: 2 },
      { name: 'alerts', summary: 'send alerts', ...running, state: 'stopped', parts: {} },
      {
        name: 'serve',
        summary: 'serve the page',
        ...running,
        parts: { ...well, disk: { ok: false, message: 'It is full' } },
      },
    ],
    processes: [
      edge,
      {
        ...edge,
        site_id: 'home',
        service: 'start',
        is_this: true,
        is_silent: false,
        lag,
        spool: null,
        dead_letter_count: 1,
      },
    ],
    disk: { free_bytes: 81_000_000_000, total_bytes: 250_000_000_000 },
  };
}

const LINES: LogTailAnswer['lines'] = [
  {
    number: 1,
    time: '2026-01-01T10:00:00.000Z',
    level: 'info',
    message: 'an event is spooled',
    facts: { camera_id: 'gate' },
  },
  { number: 2, time: '2026-01-01T10:00:01.000Z', level: 'warn', message: 'the broker is away', facts: { attempt: 3 } },
];

export function listLines({ searchParams }: URL): LogTailAnswer {
  const isWanted = ({ number, level }: (typeof LINES)[number]) =>
    number > Number(searchParams.get('after')) && (searchParams.get('level') !== 'warn' || level === 'warn');
  return { lines: LINES.filter(isWanted), newest: LINES.length };
}

/** From the first frame to the database, each revision a fifth of a second after it was made. */
export function describeWay(revisions: readonly PlateEvent[]): EventWay {
  const [event] = revisions;
  if (!event) throw new Error('expected a revision');
  const { event_id, site_id, camera_id, time } = event;
  const edge = { service: 'edge', revision: null } as const;
  const later = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString();
  const steps: WayStep[] = [
    { step: 'first_seen', at: time.first_seen, ms: 0, ...edge },
    ...revisions.flatMap(({ revision, status, time: { published } }): readonly WayStep[] => [
      { step: 'published', service: 'edge', at: published, ms: 40, revision, detail: status },
      { step: 'stored', service: 'ingest', at: later(published, 200), ms: 200, revision },
    ]),
    {
      step: 'delivered',
      service: 'alerts',
      at: later(time.published, 3000),
      ms: 2800,
      revision: null,
      detail: 'gate-mail',
    },
  ];
  return { event_id, site_id, camera_id, trace_id: event_id.replaceAll('-', ''), trace_url: null, steps };
}
