import type { Alert } from '../../contract/alert.ts';
import type { Sql } from '../../db/sql.ts';

/** One thing to send, held for whoever claimed it. */
export type Claimed = Readonly<{
  id: string;
  /** Names the message to the other side. */
  key: string;
  /** Null where no rule made it: it is a trial, or by hand, and sent once. */
  alertId: string | null;
  isTrial: boolean;
  alert: Alert;
  /** Those before this one. */
  attempts: number;
  /** Whether the other side has, or may have, an earlier revision of the alert. */
  isKnown: boolean;
  /** What the channel kept of the earlier revision. */
  earlier: Readonly<Record<string, unknown>> | null;
  /** What it kept of an attempt before. */
  progress: Readonly<Record<string, unknown>> | null;
  /** When it was queued, or sent off again. */
  queuedAt: Date;
}>;

type Row = Readonly<{
  id: string;
  state: string;
  idempotency_key: string;
  alert_id: string | null;
  alert: Alert;
  attempts: number;
  is_known: boolean;
  earlier: Record<string, unknown> | null;
  progress: Record<string, unknown> | null;
  queued_at: Date;
}>;

export type Claim = Readonly<{
  channel: string;
  holder: string;
  /** For so long nobody else claims it. */
  leaseMs: number;
  limit: number;
  /** Whether the oldest go first, and none before one that has to wait. */
  ordered: boolean;
  /** By how much the clock of the test is ahead; 0 but there. */
  shiftMs: number;
}>;

const now = (shift: string) => `now() + ${shift} * interval '1 millisecond'`;
const NOW = now('$3');
/** Candidates beyond those wanted: some may have to wait for another revision that is on its way. */
const SPARE = 64;
/** Rows of one alert on one channel. */
const SAME = 'other.alert_id = due.alert_id AND other.channel_id = $1 AND other.id <> due.id';

/**
 * A revision gives way to the one after it as long as it is not sent, and a withdrawal of what was never sent is dropped: what the other
 * side gets of an alert is in order, and nothing of the past. While one revision is on its way, the next one waits.
 */
const CLAIM = `WITH due AS MATERIALIZED (
    SELECT id, alert_id, alert->>'status' AS status FROM alert_deliveries
    WHERE channel_id = $1 AND state = 'waiting' AND next_at <= ${NOW} AND (held_until IS NULL OR held_until <= ${NOW})
      AND (NOT $4 OR id < coalesce((SELECT min(id) FROM alert_deliveries
        WHERE channel_id = $1 AND state = 'waiting' AND (next_at > ${NOW} OR held_until > ${NOW})), 9223372036854775807))
    ORDER BY id LIMIT $5 + ${SPARE} FOR UPDATE SKIP LOCKED
  ), judged AS (
    SELECT due.id, EXISTS (SELECT FROM alert_deliveries other WHERE ${SAME} AND other.id > due.id)
        OR due.status = 'withdrawn' AND due.alert_id IS NOT NULL AND NOT earlier.is_known AND NOT earlier.is_held AS is_dropped,
      earlier.is_held, earlier.is_known, earlier.reference
    FROM due CROSS JOIN LATERAL (
      SELECT coalesce(bool_or(state = 'waiting' AND held_until > ${NOW}), false) AS is_held,
        coalesce(bool_or(state = 'sent' OR maybe_sent), false) AS is_known,
        (array_agg(reference ORDER BY id DESC) FILTER (WHERE reference IS NOT NULL))[1] AS reference
      FROM alert_deliveries other WHERE ${SAME}
    ) AS earlier
  ), claimed AS (
    SELECT id FROM judged WHERE is_dropped
    UNION ALL (SELECT id FROM judged WHERE NOT is_dropped AND NOT is_held ORDER BY id LIMIT $5)
  )
  UPDATE alert_deliveries SET
    state = CASE WHEN is_dropped THEN 'dropped' ELSE 'waiting' END,
    ended_at = CASE WHEN is_dropped THEN ${NOW} END,
    maybe_sent = maybe_sent OR held_by IS NOT NULL,
    attempts = attempts + CASE WHEN held_by IS NULL THEN 0 ELSE 1 END,
    held_by = CASE WHEN is_dropped THEN NULL ELSE $2 END,
    held_until = CASE WHEN is_dropped THEN NULL ELSE ${NOW} + $6 * interval '1 millisecond' END
  FROM judged WHERE judged.id = alert_deliveries.id AND judged.id IN (SELECT id FROM claimed)
  RETURNING alert_deliveries.id, state, idempotency_key, alert_id, alert, attempts, is_known,
    judged.reference AS earlier, alert_deliveries.reference AS progress, coalesce(replayed_at, created_at) AS queued_at`;

const TURN = "SELECT pg_advisory_xact_lock(hashtext('alert_deliveries'), hashtext($1))";

/** What is due on a channel, at most `limit`. One after the other claims there, so that none sees half of what another does. */
export async function claimDeliveries(sql: Sql, claim: Claim): Promise<readonly Claimed[]> {
  const { channel, holder, shiftMs, ordered, limit, leaseMs } = claim;
  const values = [channel, holder, shiftMs, ordered, limit, leaseMs];
  const rows = await sql.transaction(async (session) => {
    const claiming = () => session.query<Row>(CLAIM, values, 'alert-claim');
    let [, found] = await Promise.all([session.query(TURN, [channel], 'alert-claim-turn'), claiming()]);
    // What was dropped may have hidden what is to be sent.
    while (found.length > 0 && !found.some(({ state }) => state === 'waiting')) found = await claiming();
    return found;
  });
  return rows
    .filter(({ state }) => state === 'waiting')
    .map(({ idempotency_key, alert_id, is_known, queued_at, state: _, ...same }) => ({
      ...same,
      key: idempotency_key,
      alertId: alert_id,
      isKnown: is_known,
      isTrial: alert_id === null && idempotency_key.startsWith('test-'),
      queuedAt: queued_at,
    }))
    .toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id)));
}

/** What came of sending one. */
export type Outcome =
  | Readonly<{ state: 'sent'; recipient: string; answer: string; reference: object | null }>
  | Readonly<{ state: 'dead'; answer: string }>
  /** It was not tried: another one before it has to go first. */
  | Readonly<{ state: 'unsent' }>
  | Readonly<{ state: 'waiting'; answer: string; delayMs: number; maybeSent: boolean; reference?: object | null }>;

/** What came of one that `holder` holds. */
export type Ended = Readonly<{ id: string; holder: string; outcome: Outcome }>;

/** Writes down what came of some, in one statement, but for those that somebody else holds by now. */
export async function finishDeliveries(
  sql: Pick<Sql, 'query'>,
  ended: readonly Ended[],
  shiftMs: number,
): Promise<void> {
  await sql.query(
    `UPDATE alert_deliveries SET state = coalesce(given.state, alert_deliveries.state), held_by = NULL, held_until = NULL,
       answer = coalesce(given.answer, alert_deliveries.answer), recipient = coalesce(given.recipient, alert_deliveries.recipient),
       reference = coalesce(given.reference, alert_deliveries.reference),
       maybe_sent = alert_deliveries.maybe_sent OR given.maybe_sent,
       attempts = attempts + CASE WHEN given.state IS NULL THEN 0 ELSE 1 END,
       next_at = CASE WHEN given.state = 'waiting' THEN ${now('$2')} + given.delay_ms * interval '1 millisecond' ELSE next_at END,
       ended_at = CASE WHEN given.state <> 'waiting' THEN ${now('$2')} END
     FROM jsonb_to_recordset($1::jsonb) AS given (id bigint, held_by text, state text, answer text, recipient text,
       reference jsonb, maybe_sent boolean, delay_ms float8)
     WHERE alert_deliveries.id = given.id AND alert_deliveries.held_by = given.held_by AND alert_deliveries.state = 'waiting'`,
    [JSON.stringify(ended.map(rowOf)), shiftMs],
    'alert-finish',
  );
}

function rowOf({ id, holder, outcome }: Ended) {
  const { state } = outcome;
  return {
    ...{ id, held_by: holder, state: state === 'unsent' ? null : state },
    answer: state === 'unsent' ? null : withoutNul(outcome.answer),
    recipient: state === 'sent' ? withoutNul(outcome.recipient) : null,
    reference: state === 'sent' || state === 'waiting' ? (outcome.reference ?? null) : null,
    maybe_sent: state === 'waiting' && outcome.maybeSent,
    delay_ms: state === 'waiting' ? outcome.delayMs : 0,
  };
}

/** Channels with something to send: how much, for how long the oldest of it has waited, and whether some is due. */
export async function listDue(
  sql: Pick<Sql, 'query'>,
  shiftMs: number,
): Promise<readonly Readonly<{ channel: string; waiting: number; oldestSeconds: number; isDue: boolean }>[]> {
  return sql.query(
    `SELECT channel_id AS channel, count(*)::int AS waiting,
       extract(epoch FROM ${now('$1')} - min(created_at))::float8 AS "oldestSeconds",
       bool_or(greatest(next_at, held_until) <= ${now('$1')}) AS "isDue"
     FROM alert_deliveries WHERE state = 'waiting' GROUP BY channel_id`,
    [shiftMs],
  );
}

/** Gives up what nobody could be made to take for so long; returns how many of each channel. */
export async function giveUpDeliveries(
  sql: Pick<Sql, 'query'>,
  { hours, shiftMs }: Readonly<{ hours: number; shiftMs: number }>,
): Promise<readonly Readonly<{ channel: string; count: number }>[]> {
  return sql.query(
    `WITH ended AS (
       UPDATE alert_deliveries SET state = 'dead', ended_at = ${now('$2')}, held_by = NULL, held_until = NULL,
         answer = coalesce(answer, 'There is no such channel, or it is switched off')
       WHERE state = 'waiting' AND coalesce(replayed_at, created_at) < ${now('$2')} - $1 * interval '1 hour'
         AND (held_until IS NULL OR held_until <= ${now('$2')}) RETURNING channel_id)
     SELECT channel_id AS channel, count(*)::int AS count FROM ended GROUP BY channel_id`,
    [hours, shiftMs],
  );
}

/** PostgreSQL's text holds every character but this one. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
