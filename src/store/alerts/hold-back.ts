import type { Alert } from '../../contract/alert.ts';
import type { SqlSession } from '../../db/sql.ts';

type Session = Pick<SqlSession, 'query'>;

/** An alert that silences others of the same rule, plate and camera, as far as these are given. */
export type Silence = Readonly<{
  rule: string;
  plate: string | null;
  camera: string | null;
  /** Milliseconds since the epoch. */
  at: number;
  /** Milliseconds before and after it. */
  span: number;
}>;

const SENT_NEAR = `SELECT FROM alerts WHERE rule_id = given.rule AND held_back IS NULL AND status <> 'withdrawn'
  AND happened_at > to_timestamp((given.at - given.span) / 1000) AND happened_at < to_timestamp((given.at + given.span) / 1000)
  AND (given.camera IS NULL OR camera_id = given.camera) AND alert_id <> ALL ($6::uuid[])`;

/** For each of these, whether an alert that was sent is so near that it stands for them. `except` are about to change. */
export async function findCooling(
  session: Session,
  silences: readonly Silence[],
  except: readonly string[],
): Promise<readonly boolean[]> {
  if (silences.length === 0) return [];
  const rows = await session.query<{ cooling: boolean }>(
    `SELECT CASE WHEN given.plate IS NULL THEN EXISTS (${SENT_NEAR})
       ELSE EXISTS (${SENT_NEAR} AND plate = given.plate) END AS cooling
     FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[])
       WITH ORDINALITY AS given (rule, plate, camera, at, span, place) ORDER BY place`,
    [
      silences.map(({ rule }) => rule),
      silences.map(({ plate }) => plate),
      silences.map(({ camera }) => camera),
      silences.map(({ at }) => at),
      silences.map(({ span }) => span),
      except,
    ],
  );
  return rows.map(({ cooling }) => cooling);
}

/** Alerts that were held back because of one that no longer stands, in the order of their passages. */
export async function readSilencedBy(session: Session, silence: Silence): Promise<readonly Alert[]> {
  const rows = await session.query<{ alert: Alert }>(
    `SELECT alert FROM alerts WHERE rule_id = $1 AND held_back = 'cooldown' AND status <> 'withdrawn'
       AND ($2::text IS NULL OR plate = $2) AND ($3::text IS NULL OR camera_id = $3)
       AND happened_at > to_timestamp(($4::float8 - $5::float8) / 1000) AND happened_at < to_timestamp(($4::float8 + $5::float8) / 1000)
     ORDER BY happened_at LIMIT 1000`,
    [silence.rule, silence.plate, silence.camera, silence.at, silence.span],
  );
  return rows.map(({ alert }) => alert);
}

/** A rule, a plate, or both, until a moment in milliseconds; null for ever. */
export type Muting = Readonly<{ rule: string | null; plate: string | null; until: number | null }>;

/** Everything that people silenced, also what has ended: a passage counts by its own time. */
export function readMutes(session: Session): Promise<readonly Muting[]> {
  return session.query<Muting>(
    'SELECT rule_id AS rule, plate, extract(epoch FROM until)::float8 * 1000 AS until FROM alert_mutes',
    [],
    'alert-mutes',
  );
}
