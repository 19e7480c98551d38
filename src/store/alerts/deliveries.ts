import type { Scope } from '../../contract/access.ts';
import type { Alert } from '../../contract/alert.ts';
import type { Delivery, Replay } from '../../contract/api/deliveries.ts';
import type { Sql } from '../../db/sql.ts';
import { decodeCursor, encodeCursor, type Page } from '../page.ts';
import { scopeCondition } from '../scope.ts';

type DeliveriesQuery = Readonly<{
  scope: Scope;
  channel?: string | undefined;
  state?: string | undefined;
  alert?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}>;

type Row = Readonly<{
  id: string;
  channel_id: string;
  alert_id: string | null;
  alert: Alert;
  state: Delivery['state'];
  attempts: number;
  created_at: Date;
  next_at: Date;
  ended_at: Date | null;
  recipient: string | null;
  answer: string | null;
}>;

/** How the names of trials begin. */
const TRIAL = 'test-';

/**
 * Queues an alert that no rule made: a trial of a channel, or a gate that somebody opens by hand. It is sent once. Returns the id of its
 * delivery, whose log has what came of it.
 */
export async function queueTrial(
  sql: Pick<Sql, 'query'>,
  { channel, alert, byHand = false }: Readonly<{ channel: string; alert: Alert; byHand?: boolean }>,
): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    `INSERT INTO alert_deliveries (idempotency_key, channel_id, alert) VALUES (concat($3::text, gen_random_uuid()), $1, $2)
     RETURNING id::text`,
    [channel, JSON.stringify(alert), byHand ? 'hand-' : TRIAL],
  );
  if (!row) throw new Error('expected the row that was inserted');
  return row.id;
}

/** The log, newest first. Trials and alerts of the whole system are for those who may see everything. */
export async function listDeliveries(sql: Pick<Sql, 'query'>, query: DeliveriesQuery): Promise<Page<Delivery>> {
  const values: unknown[] = [query.limit + 1];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [scopeCondition(query.scope, bind)];
  if (query.channel !== undefined) conditions.push(`channel_id = ${bind(query.channel)}`);
  if (query.state !== undefined) conditions.push(`state = ${bind(query.state)}`);
  if (query.alert !== undefined) conditions.push(`sent.alert_id = ${bind(query.alert)}::uuid`);
  if (query.from !== undefined) conditions.push(`created_at >= ${bind(query.from)}::timestamptz`);
  if (query.to !== undefined) conditions.push(`created_at < ${bind(query.to)}::timestamptz`);
  if (query.cursor !== undefined) {
    const [id] = decodeCursor(query.cursor, ['number']);
    conditions.push(`id < ${bind(id)}`);
  }
  const rows = await sql.query<Row>(
    `SELECT id::text, channel_id, sent.alert_id, sent.alert, state, attempts, created_at, next_at, ended_at, recipient, answer
     FROM alert_deliveries sent LEFT JOIN alerts ON alerts.alert_id = sent.alert_id
     WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT $1`,
    values,
  );
  const items = rows.slice(0, query.limit).map(toDelivery);
  const last = items.at(-1);
  return { items, next: rows.length > query.limit && last ? encodeCursor([Number(last.id)]) : null };
}

function toDelivery({ channel_id, alert, created_at, next_at, ended_at, ...row }: Row): Delivery {
  return {
    ...row,
    channel: channel_id,
    status: alert.status,
    rule: alert.rule.name,
    plate: alert.passage?.plate ?? null,
    camera: alert.passage?.camera_id ?? null,
    created_at: created_at.toISOString(),
    next_at: row.state === 'waiting' ? next_at.toISOString() : null,
    ended_at: ended_at?.toISOString() ?? null,
  };
}

/** Sends dead messages off again, under the name that they had; returns how many. */
export async function replayDeliveries(sql: Pick<Sql, 'query'>, replay: Replay): Promise<number> {
  const [where, value] =
    'ids' in replay ? ['id = ANY ($1::bigint[])', replay.ids] : ['channel_id = $1', replay.channel];
  const rows = await sql.query(
    `UPDATE alert_deliveries SET state = 'waiting', attempts = 0, next_at = now(), replayed_at = now(), ended_at = NULL
     WHERE ${where} AND state = 'dead' RETURNING id`,
    [value],
  );
  return rows.length;
}

/** Notes what a service told later of a message that it took. */
export async function noteAnswer(
  sql: Pick<Sql, 'query'>,
  { key, channel, answer }: Readonly<{ key: string; channel: string; answer: string }>,
): Promise<void> {
  await sql.query(
    `UPDATE alert_deliveries SET answer = $3 WHERE idempotency_key = $1 AND channel_id = $2 AND state IN ('waiting', 'sent')`,
    [key, channel, answer],
  );
}

/** What waits, is dead and was sent on each channel in the last day. */
export async function countDeliveries(sql: Pick<Sql, 'query'>): Promise<
  readonly Readonly<{
    channel: string;
    waiting: number;
    dead: number;
    sent: number;
    last_sent_at: Date | null;
    trouble: string | null;
  }>[]
> {
  return sql.query(
    `SELECT channel_id AS channel, count(*) FILTER (WHERE state = 'waiting')::int AS waiting,
       count(*) FILTER (WHERE state = 'dead')::int AS dead, count(*) FILTER (WHERE state = 'sent')::int AS sent,
       max(ended_at) FILTER (WHERE state = 'sent') AS last_sent_at,
       (array_agg(answer ORDER BY id DESC) FILTER (WHERE state = 'waiting' AND answer IS NOT NULL))[1] AS trouble
     FROM alert_deliveries WHERE state = 'waiting' OR created_at > now() - interval '1 day' GROUP BY channel_id`,
  );
}
