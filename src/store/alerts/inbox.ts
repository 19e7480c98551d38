import type { Scope } from '../../contract/access.ts';
import type { Alert } from '../../contract/alert.ts';
import type { HandleAlert, KeptAlert } from '../../contract/api/alerts.ts';
import type { Sql } from '../../db/sql.ts';
import { decodeCursor, encodeCursor, type Page } from '../page.ts';
import { scopeCondition } from '../scope.ts';

type AlertsQuery = Readonly<{
  scope: Scope;
  rule?: string | undefined;
  severity?: string | undefined;
  status?: string | undefined;
  camera?: string | undefined;
  plate?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  open?: boolean | undefined;
  held_back?: boolean | undefined;
  limit: number;
  cursor?: string | undefined;
}>;

type Row = Readonly<{
  alert: Alert;
  happened_at: Date;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  verified_at: Date | null;
  verified_by: string | null;
  note: string | null;
  was_right: boolean | null;
}>;

const COLUMNS = 'alert, happened_at, acknowledged_at, acknowledged_by, verified_at, verified_by, note, was_right';

/** Alerts newest first. Those of the system have no camera or one; whoever may not see everything sees those of his cameras. */
export async function listAlerts(sql: Sql, query: AlertsQuery): Promise<Page<KeptAlert>> {
  const values: unknown[] = [query.limit + 1];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [scopeCondition(query.scope, bind)];
  const equal = {
    rule_id: query.rule,
    severity: query.severity,
    status: query.status,
    camera_id: query.camera,
    plate: query.plate,
  };
  for (const [column, value] of Object.entries(equal))
    if (value !== undefined) conditions.push(`${column} = ${bind(value)}`);
  if (query.from !== undefined) conditions.push(`happened_at >= ${bind(query.from)}::timestamptz`);
  if (query.to !== undefined) conditions.push(`happened_at < ${bind(query.to)}::timestamptz`);
  if (query.open !== undefined) {
    conditions.push(`${query.open ? '' : 'NOT '}(acknowledged_at IS NULL AND status <> 'withdrawn')`);
  }
  if (query.held_back !== undefined) conditions.push(`held_back IS ${query.held_back ? 'NOT ' : ''}NULL`);
  if (query.cursor !== undefined) {
    const [at, id] = decodeCursor(query.cursor, ['time', 'uuid']);
    conditions.push(`(happened_at, alert_id) < (${bind(at)}::timestamptz, ${bind(id)}::uuid)`);
  }
  const rows = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM alerts WHERE ${conditions.join(' AND ')} ORDER BY happened_at DESC, alert_id DESC LIMIT $1`,
    values,
  );
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const next =
    rows.length > query.limit && last ? encodeCursor([last.happened_at.toISOString(), last.alert.alert_id]) : null;
  return { items: shown.map(toKept), next };
}

/** One alert that the reader may see. */
export async function findAlert(sql: Sql, id: string, scope: Scope): Promise<KeptAlert | undefined> {
  const values: unknown[] = [id];
  const seen = scopeCondition(scope, (value) => `$${values.push(value)}`);
  const [row] = await sql.query<Row>(`SELECT ${COLUMNS} FROM alerts WHERE alert_id = $1 AND ${seen}`, values);
  return row && toKept(row);
}

type EventAlert = Readonly<{
  event_id: string;
  alert_id: string;
  rule: string;
  severity: Alert['rule']['severity'];
  status: Alert['status'];
  entry: string | null;
}>;

/** The alerts of events of a list, those that were withdrawn too. */
export function listAlertsOf(sql: Sql, events: readonly string[], scope: Scope): Promise<readonly EventAlert[]> {
  const values: unknown[] = [events];
  const seen = scopeCondition(scope, (value) => `$${values.push(value)}`);
  return sql.query<EventAlert>(
    `SELECT event_id::text, alert_id::text, alert->'rule'->>'name' AS rule, severity, status,
       alert->'matched'->'entry'->>'name' AS entry
     FROM alerts WHERE event_id = ANY ($1::uuid[]) AND ${seen} ORDER BY raised_at, alert_id`,
    values,
  );
}

/** Keeps what somebody does with an alert that he may see; undefined where there is none. */
export async function handleAlert(
  sql: Sql,
  { id, scope, by, done }: Readonly<{ id: string; scope: Scope; by: string; done: HandleAlert }>,
): Promise<KeptAlert | undefined> {
  const values: unknown[] = [id];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const sets: string[] = [];
  const sign = (kind: 'acknowledged' | 'verified') => {
    const is = done[kind];
    if (is === undefined) return;
    // Who did it first stays.
    sets.push(
      is
        ? `${kind}_by = coalesce(${kind}_by, ${bind(by)}), ${kind}_at = coalesce(${kind}_at, now())`
        : `${kind}_by = NULL, ${kind}_at = NULL`,
    );
  };
  sign('acknowledged');
  sign('verified');
  if (done.note !== undefined) sets.push(`note = ${bind(done.note)}`);
  if (done.was_right !== undefined) sets.push(`was_right = ${bind(done.was_right)}`);
  if (sets.length === 0) return findAlert(sql, id, scope);
  const [row] = await sql.query<Row>(
    `UPDATE alerts SET ${sets.join(', ')} WHERE alert_id = $1 AND ${scopeCondition(scope, bind)} RETURNING ${COLUMNS}`,
    values,
  );
  return row && toKept(row);
}

function toKept(row: Row): KeptAlert {
  const signed = (by: string | null, at: Date | null) => (by !== null && at ? { by, at: at.toISOString() } : null);
  return {
    alert: row.alert,
    handled: {
      acknowledged: signed(row.acknowledged_by, row.acknowledged_at),
      verified: signed(row.verified_by, row.verified_at),
      note: row.note,
      was_right: row.was_right,
    },
  };
}
