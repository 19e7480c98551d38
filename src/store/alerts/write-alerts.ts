import type { Alert } from '../../contract/alert.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';

/** Two processes may have events of one camera, or one rule, in hand at the same time: one waits for the other. */
const CAMERA_KEY = 0x0a1b2c40;
const RULE_KEY = 0x0a1b2c41;
/** Held shared while alerts are written, and alone while some are erased. */
const WRITING_KEY = 0x0a1b2c42;

/** A process that stopped in the middle must not hold up the others for longer. */
const BEGIN = `SELECT set_config('idle_in_transaction_session_timeout', '10s', true), pg_advisory_xact_lock_shared(${WRITING_KEY})`;

const LOCK = `SELECT pg_advisory_xact_lock(class, key) FROM (
  SELECT class, key FROM (
    SELECT ${CAMERA_KEY} AS class, hashtext(name) AS key FROM unnest($1::text[]) AS name
    UNION SELECT ${RULE_KEY}, hashtext(name) FROM unnest($2::text[]) AS name
  ) AS wanted ORDER BY class, key
) AS ordered`;

type Turn = Readonly<{
  /** Whose events, or states, are decided upon. */
  cameras: readonly string[];
  /** Those whose alerts depend on others of the same rule. */
  rules: readonly string[];
}>;

/** Runs `work` in a transaction in which nobody else writes alerts of these cameras or rules. What it asks first is sent with the locks. */
export function writeInTurn<T>(
  sql: Sql,
  { cameras, rules }: Turn,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  return sql.transaction(async (session) => {
    const locked = [session.query(BEGIN), session.query(LOCK, [cameras, rules], 'alert-lock')];
    const [result] = await Promise.all([work(session), ...locked]);
    return result;
  });
}

/** The same for more rules; the transaction fails, and is tried again, where two wait for each other. */
export async function lockRules(session: Pick<SqlSession, 'query'>, rules: readonly string[]): Promise<void> {
  await session.query(LOCK, [[], rules]);
}

/** Runs `work` in a transaction while nobody writes alerts: whoever comes later sees what was committed before. */
export function holdWriters<T>(sql: Sql, work: (session: SqlSession) => Promise<T>): Promise<T> {
  return sql.transaction(async (session) => {
    await session.query(`SELECT pg_advisory_xact_lock(${WRITING_KEY})`);
    return work(session);
  });
}

/** The newest revisions of the alerts of these events. */
export async function readAlertsOf(
  session: Pick<SqlSession, 'query'>,
  eventIds: readonly string[],
): Promise<readonly Alert[]> {
  const rows = await session.query<{ alert: Alert }>(
    'SELECT alert FROM alerts WHERE event_id = ANY ($1::uuid[])',
    [eventIds],
    'alerts-of-events',
  );
  return rows.map(({ alert }) => alert);
}

/** Alerts of states of the system that have not ended, by these rules or by any. */
export async function readLasting(session: Pick<SqlSession, 'query'>): Promise<readonly Alert[]> {
  const rows = await session.query<{ alert: Alert }>(
    "SELECT alert FROM alerts WHERE event_id IS NULL AND status <> 'withdrawn'",
  );
  return rows.map(({ alert }) => alert);
}

/** Those of these ids that there are, whatever became of them. */
export async function findKnownAlerts(
  session: Pick<SqlSession, 'query'>,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ id: string }>(
    'SELECT alert_id::text AS id FROM alerts WHERE alert_id = ANY ($1::uuid[])',
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

type EventPlace = Readonly<{ event_id: string; detected_at: string; revision: number }>;

/** Those of the events that nobody may be told of: they were erased, or are stored with a newer revision, which comes too. */
export async function findOutdated(
  session: Pick<SqlSession, 'query'>,
  events: readonly EventPlace[],
): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ id: string }>(
    `SELECT event_id::text AS id FROM erased_events WHERE event_id = ANY ($1::uuid[])
     UNION ALL SELECT stored.event_id::text FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS given (id, at, revision)
       JOIN plate_events AS stored ON stored.event_id = given.id AND stored.detected_at = given.at
       WHERE stored.revision > given.revision`,
    [
      events.map(({ event_id }) => event_id),
      events.map(({ detected_at }) => detected_at),
      events.map(({ revision }) => revision),
    ],
    'alert-find-outdated',
  );
  return new Set(rows.map(({ id }) => id));
}

/** Writes alerts as they are now; those of a higher revision go to the bus. */
export async function writeAlerts(session: Pick<SqlSession, 'query'>, alerts: readonly Alert[]): Promise<void> {
  if (alerts.length === 0) return;
  await session.query(
    `INSERT INTO alerts (alert_id, revision, status, rule_id, severity, event_id, plate, site_id, camera_id, happened_at,
       raised_at, held_back, alert)
     SELECT (a->>'alert_id')::uuid, (a->>'revision')::int, a->>'status', a#>>'{rule,id}', a#>>'{rule,severity}',
       (a#>>'{passage,event_id}')::uuid, a#>>'{passage,plate}', a#>>'{passage,site_id}',
       coalesce(a#>>'{passage,camera_id}', CASE WHEN a#>>'{system,what}' IN ('camera_down', 'read_rate_below')
         THEN a#>>'{system,subject}' END),
       coalesce(a#>>'{passage,detected_at}', a#>>'{system,since}')::timestamptz, (a->>'at')::timestamptz, a->>'held_back', a
     FROM jsonb_array_elements($1::jsonb) AS a
     ON CONFLICT (alert_id) DO UPDATE SET revision = EXCLUDED.revision, status = EXCLUDED.status, plate = EXCLUDED.plate,
       held_back = EXCLUDED.held_back, alert = EXCLUDED.alert`,
    [JSON.stringify(alerts)],
    'alert-write',
  );
}

type Sending = Readonly<{
  alert: Alert;
  /** Of its rule; null for those that it went to before. */
  channels: readonly string[] | null;
}>;

/** Puts alerts into the outbox of each of their channels, in their order; resolves to the channel of each message. */
export async function queueDeliveries(
  session: Pick<SqlSession, 'query'>,
  sendings: readonly Sending[],
): Promise<readonly string[]> {
  if (sendings.length === 0) return [];
  const rows = await session.query<{ channel: string }>(
    `WITH given AS (
       SELECT place, s->'alert' AS alert, s->'channels' AS channels
       FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS _ (s, place)
     ),
     wanted AS (
       SELECT place, alert, jsonb_array_elements_text(channels) AS channel FROM given WHERE channels <> 'null'
       UNION SELECT given.place, given.alert, earlier.channel_id FROM given
         JOIN alert_deliveries AS earlier ON earlier.alert_id = (given.alert->>'alert_id')::uuid WHERE channels = 'null'
     )
     INSERT INTO alert_deliveries (idempotency_key, channel_id, alert_id, alert_revision, alert)
     SELECT concat_ws(':', alert->>'alert_id', alert->>'revision', channel), channel, (alert->>'alert_id')::uuid,
       (alert->>'revision')::int, alert
     FROM wanted ORDER BY place, channel
     ON CONFLICT (idempotency_key) DO NOTHING RETURNING channel_id AS channel`,
    [JSON.stringify(sendings)],
    'alert-queue',
  );
  return rows.map(({ channel }) => channel);
}
