import type { AuditConfig } from '../../audit/config.ts';
import type { AlarmKind, AuditAlarm } from '../../contract/api/audit.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import { readEnd } from './entries.ts';

type Who = NonNullable<AuditAlarm['who']>;

type Raised = Readonly<{
  kind: AlarmKind;
  who: Who | null;
  plate_key?: string | null;
  times: number;
  first_at: Date;
  last_at: Date;
  last_number: number;
  message: string;
}>;

type Span = Readonly<{ after: number; through: number; now: Date }>;
type FoundRow = Omit<Raised, 'kind' | 'message' | 'last_number'> & Readonly<{ last_number: string; who: Who }>;

/** Searches that were answered. */
const IS_SEARCH = `entry->>'action' = 'search' AND (entry->>'status')::int < 400`;
const PERSON = `entry->'who'->>'id'`;
const FOUND = `(array_agg(entry->'who'))[1] AS who, min(at) AS first_at, max(at) AS last_at, max(number) AS last_number`;

/** Entries that an alarm of this kind has counted which somebody has seen since count no more. */
const seen = (kind: AlarmKind, plateKey = 'NULL') => `coalesce((SELECT max(last_number) FROM audit_alarms
  WHERE kind = '${kind}' AND who_id = ${PERSON} AND plate_key IS NOT DISTINCT FROM ${plateKey} AND seen_at IS NOT NULL), 0)`;

/** Looks through the entries that came since the last time; resolves to the kinds of the new alarms. */
export async function raiseAlarms(sql: Sql, config: AuditConfig, now: Date): Promise<readonly AlarmKind[]> {
  return sql.transaction(async (session) => {
    const [watch] = await session.query<{ number: string }>('SELECT number FROM audit_watch FOR UPDATE SKIP LOCKED');
    const end = watch && (await readEnd(session));
    if (!end || Number(watch.number) >= end.number) return [];
    const span = { after: Number(watch.number), through: end.number, now };
    const found = [
      ...(await findSamePlate(session, config.alarms, span)),
      ...(await findOffDuty(session, config, span)),
      ...(await findBursts(session, config.alarms, span)),
    ];
    const raised: AlarmKind[] = [];
    for (const one of found) if (await raise(session, one)) raised.push(one.kind);
    await session.query('UPDATE audit_watch SET number = $1', [end.number]);
    return raised;
  });
}

/** Says that the chain is broken. */
export async function raiseChainAlarm(
  sql: Pick<SqlSession, 'query'>,
  { message, number, at }: Readonly<{ message: string; number: number; at: Date }>,
): Promise<void> {
  await raise(sql, { kind: 'chain', who: null, times: 1, first_at: at, last_at: at, last_number: number, message });
}

async function findSamePlate(
  session: SqlSession,
  { same_plate_times: times, same_plate_days: days }: AuditConfig['alarms'],
  { after, through, now }: Span,
): Promise<readonly Raised[]> {
  if (times === null) return [];
  const rows = await session.query<FoundRow>(
    `WITH asked AS (SELECT DISTINCT ${PERSON} AS id, unnest(plate_keys) AS key FROM audit_entries
       WHERE number > $1 AND number <= $2 AND ${IS_SEARCH} AND ${PERSON} IS NOT NULL)
     SELECT key AS plate_key, count(*)::int AS times, ${FOUND} FROM asked
     JOIN audit_entries ON plate_keys @> ARRAY[key] AND plate_keys <> '{}' AND ${PERSON} = id
     WHERE ${IS_SEARCH} AND number <= $2 AND at > $3::timestamptz - make_interval(days => $4)
       AND number > ${seen('same-plate', 'key')}
     GROUP BY id, key HAVING count(*) >= $5`,
    [after, through, now, days, times],
  );
  return rows.map((row) => ({
    ...toRaised(row, 'same-plate'),
    message: `${row.who.name} has searched for one plate ${row.times} times within ${days} days`,
  }));
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

async function findOffDuty(
  session: SqlSession,
  { alarms: { duty }, time_zone }: AuditConfig,
  { after, through }: Span,
): Promise<readonly Raised[]> {
  if (!duty) return [];
  // Hours are counted from the begin of duty, so that a night belongs to the day on which it begins.
  const rows = await session.query<FoundRow>(
    `SELECT count(*)::int AS times, ${FOUND} FROM audit_entries,
       LATERAL (SELECT at AT TIME ZONE $3 - $4::time::interval AS moment) AS since_begin
     WHERE number > $1 AND number <= $2 AND ${IS_SEARCH} AND entry->'who'->>'kind' = 'person'
       AND NOT (extract(dow FROM moment)::int = ANY($6::int[])
         AND ($4::time = $5::time OR moment::time < ('00:00'::time + ($5::time - $4::time))))
     GROUP BY ${PERSON}`,
    [after, through, time_zone, duty.from, duty.to, duty.weekdays.map((day) => WEEKDAYS.indexOf(day))],
  );
  return rows.map((row) => ({
    ...toRaised(row, 'off-duty'),
    message: `${row.who.name} has searched outside duty hours (${duty.weekdays.join(', ')} ${duty.from}–${duty.to} ${time_zone})`,
  }));
}

async function findBursts(
  session: SqlSession,
  { burst_searches: searches, burst_minutes: minutes }: AuditConfig['alarms'],
  { after, through }: Span,
): Promise<readonly Raised[]> {
  if (searches === null) return [];
  const rows = await session.query<FoundRow>(
    `WITH recent AS (
       SELECT number, at, entry, count(*) OVER (PARTITION BY ${PERSON} ORDER BY at
         RANGE BETWEEN make_interval(mins => $3) PRECEDING AND CURRENT ROW) AS together
       FROM audit_entries
       WHERE at >= (SELECT min(at) FROM audit_entries WHERE number > $1) - make_interval(mins => $3)
         AND number <= $2 AND ${IS_SEARCH} AND ${PERSON} IS NOT NULL AND number > ${seen('burst')}
     )
     SELECT max(together)::int AS times, ${FOUND} FROM recent
     WHERE number > $1 AND together >= $4 GROUP BY ${PERSON}`,
    [after, through, minutes, searches],
  );
  return rows.map((row) => ({
    ...toRaised(row, 'burst'),
    message: `${row.who.name} has searched ${row.times} times within ${minutes} minutes`,
  }));
}

function toRaised(row: FoundRow, kind: AlarmKind) {
  return { ...row, kind, last_number: Number(row.last_number) };
}

/** One alarm of a kind, person and plate is open at a time; whether it is new. Searches outside duty hours add up. */
async function raise(sql: Pick<SqlSession, 'query'>, one: Raised): Promise<boolean> {
  const [row] = await sql.query<{ is_new: boolean }>(
    `INSERT INTO audit_alarms AS open (kind, who, who_id, plate_key, times, first_at, last_at, last_number, message)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (kind, who_id, plate_key) WHERE seen_at IS NULL DO UPDATE SET
       times = CASE open.kind WHEN 'off-duty' THEN open.times + EXCLUDED.times ELSE greatest(open.times, EXCLUDED.times) END,
       first_at = least(open.first_at, EXCLUDED.first_at), last_at = EXCLUDED.last_at,
       last_number = EXCLUDED.last_number, message = EXCLUDED.message
     RETURNING xmax = 0 AS is_new`,
    [
      one.kind,
      one.who && JSON.stringify(one.who),
      one.who?.id ?? '',
      one.plate_key ?? null,
      one.times,
      one.first_at,
      one.last_at,
      one.last_number,
      one.message,
    ],
  );
  return row?.is_new ?? false;
}
