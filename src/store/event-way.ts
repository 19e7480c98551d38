import type { Scope } from '../contract/access.ts';
import type { EventWay, WayStep } from '../contract/api/way.ts';
import { FIRST_REVIEW } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { readStoredRevisions, type StoredRevision } from './evidence.ts';

type AlertRow = Readonly<{
  alert_id: string;
  revision: number;
  status: 'raised' | 'corrected' | 'withdrawn';
  name: string;
  held_back: string | null;
  raised_at: Date;
  changed_at: string;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
}>;

type DeliveryRow = Readonly<{
  channel_id: string;
  state: 'waiting' | 'sent' | 'dead' | 'dropped';
  created_at: Date;
  ended_at: Date | null;
}>;

const ALERTS = `SELECT alert_id, revision, status, alert#>>'{rule,name}' AS name, held_back, raised_at, alert->>'at' AS changed_at,
    acknowledged_at, acknowledged_by
  FROM alerts WHERE event_id = $1 ORDER BY raised_at`;

const DELIVERIES = `SELECT channel_id, state, created_at, ended_at FROM alert_deliveries
  WHERE alert_id = ANY ($1::uuid[]) ORDER BY id LIMIT 200`;

const ENDS = { sent: 'delivered', dead: 'delivery_failed', dropped: 'delivery_dropped' } as const;

type Asker = Readonly<{
  /** What they may see. */
  scope: Scope;
  /** Whether they may know to which channels alerts went. */
  seesChannels: boolean;
}>;

/** What happened to an event, in the order of the times; undefined where there is none that the reader may see. */
export async function readEventWay(
  sql: Sql,
  eventId: string,
  { scope, seesChannels }: Asker,
): Promise<Pick<EventWay, 'site_id' | 'camera_id' | 'steps'> | undefined> {
  const revisions = await readStoredRevisions(sql, eventId, scope);
  const newest = revisions.at(-1)?.event;
  if (!newest) return undefined;
  const alerts = await sql.query<AlertRow>(ALERTS, [eventId]);
  const ids = alerts.map(({ alert_id }) => alert_id);
  const deliveries = seesChannels && ids.length > 0 ? await sql.query<DeliveryRow>(DELIVERIES, [ids]) : [];
  const steps = [
    ...listSightings(revisions),
    ...revisions.flatMap(listRevision),
    ...alerts.flatMap((alert) => listAlert(alert, revisions)),
    ...deliveries.map(describeDelivery),
  ];
  const { site_id, camera_id } = newest;
  return { site_id, camera_id, steps: steps.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)) };
}

/** What the camera saw, by the last revision that a machine made. */
function listSightings(revisions: readonly StoredRevision[]): readonly WayStep[] {
  const last = revisions.findLast(({ event }) => event.revision < FIRST_REVIEW) ?? revisions[0];
  if (!last) return [];
  const { first_seen, best, last_seen } = last.event.time;
  const edge = { service: 'edge', revision: null } as const;
  const withPictures = revisions.find(({ event }) => event.images !== null)?.event;
  return [
    { step: 'first_seen', at: first_seen, ms: 0, ...edge },
    { step: 'best', at: best, ms: between(first_seen, best), ...edge },
    { step: 'last_seen', at: last_seen, ms: between(first_seen, last_seen), ...edge },
    ...(withPictures ? [{ step: 'pictures', at: withPictures.time.published, ms: 0, ...edge } as const] : []),
  ];
}

function listRevision({ event, stored_at }: StoredRevision): readonly WayStep[] {
  const { revision, review, status, time } = event;
  const made: WayStep =
    review === null
      ? {
          step: 'published',
          service: 'edge',
          at: time.published,
          ms: between(time.last_seen, time.published),
          revision,
        }
      : { step: 'reviewed', service: 'serve', at: review.at, ms: 0, revision };
  const detail = review === null ? status : review.by.slice(0, 300);
  return [
    { ...made, detail },
    { step: 'stored', service: 'ingest', at: stored_at, ms: between(made.at, stored_at), revision },
  ];
}

/** An alert is kept as it is now, with the time at which it was first raised. */
function listAlert(alert: AlertRow, revisions: readonly StoredRevision[]): readonly WayStep[] {
  const raisedAt = alert.raised_at.toISOString();
  const before = revisions.findLast(({ event }) => event.time.published <= raisedAt)?.event.time.published;
  const of = { service: 'alerts', revision: null, detail: alert.name } as const;
  const wasHeld = alert.held_back !== null && alert.revision === 1;
  const steps: WayStep[] = [
    {
      ...of,
      step: wasHeld ? 'alert_held_back' : 'alert_raised',
      at: raisedAt,
      ms: before ? between(before, raisedAt) : 0,
    },
  ];
  if (alert.status !== 'raised') steps.push({ ...of, step: `alert_${alert.status}`, at: alert.changed_at, ms: 0 });
  if (alert.acknowledged_at) {
    const at = alert.acknowledged_at.toISOString();
    const by = alert.acknowledged_by ?? '';
    steps.push({
      step: 'alert_acknowledged',
      service: 'serve',
      at,
      ms: between(raisedAt, at),
      revision: null,
      detail: by,
    });
  }
  return steps;
}

function describeDelivery({ channel_id, state, created_at, ended_at }: DeliveryRow): WayStep {
  const began = created_at.toISOString();
  const of = { service: 'alerts', revision: null, detail: channel_id } as const;
  if (state === 'waiting' || ended_at === null) return { ...of, step: 'delivery_waiting', at: began, ms: 0 };
  const at = ended_at.toISOString();
  return { ...of, step: ENDS[state], at, ms: between(began, at) };
}

function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}
