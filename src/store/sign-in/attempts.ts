import type { Sql } from '../../db/sql.ts';
import { FORGET_SECONDS, type Patience, waitAfter } from '../../identity/back-off.ts';
import { hashSecret } from '../../identity/secret.ts';

/** Whose patience an attempt takes: an account, an address, a browser. */
export type Claim = Readonly<{ key: string; patience: Patience }>;

type Attempt = Readonly<{ failures: number; wait: number }>;

/** One statement locks all rows in the order of their keys, so that attempts do not block one another for good. */
const LOCK = `INSERT INTO sign_in_attempts AS a (key, failures, last_at, not_before)
  SELECT key, 0, now(), now() FROM unnest($1::bytea[]) AS key
  ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN a.last_at < now() - $2::int * interval '1 second' THEN 0 ELSE a.failures END
  RETURNING failures, greatest(0, ceil(extract(epoch FROM not_before - clock_timestamp())))::int AS wait`;

const COUNT = `UPDATE sign_in_attempts a SET failures = n.failures, last_at = clock_timestamp(),
  not_before = clock_timestamp() + n.wait * interval '1 second'
  FROM unnest($1::bytea[], $2::int[], $3::int[]) AS n (key, failures, wait) WHERE a.key = n.key`;

/**
 * Counts an attempt as failed before it is made, so that a thousand at once are not all free. Returns 0, or the seconds to wait: then
 * nothing was counted. Attempts that were refused do not make anybody wait longer.
 */
export async function claimAttempt(sql: Sql, claims: readonly Claim[]): Promise<number> {
  const sorted = claims
    .map(({ key, patience }) => ({ hash: hashSecret(key), patience }))
    .toSorted((a, b) => Buffer.compare(a.hash, b.hash));
  const hashes = sorted.map(({ hash }) => hash);
  return sql.transaction(async (session) => {
    const known = await session.query<Attempt>(LOCK, [hashes, FORGET_SECONDS]);
    const wait = Math.max(0, ...known.map((one) => one.wait));
    if (wait > 0) return wait;
    const failures = known.map((one) => one.failures + 1);
    const waits = sorted.map(({ patience }, index) => waitAfter(failures[index] ?? 1, patience));
    await session.query(COUNT, [hashes, failures, waits]);
    return 0;
  });
}

/** Takes claims back, one by one, so that no two requests wait for one another: they were no failures. */
export async function returnAttempt(sql: Sql, claims: readonly Claim[]): Promise<void> {
  for (const { key } of claims) {
    await sql.query(
      'UPDATE sign_in_attempts SET failures = greatest(0, failures - 1), not_before = clock_timestamp() WHERE key = $1',
      [hashSecret(key)],
    );
  }
}

/** Forgets the failures of these. */
export async function forgetFailures(sql: Sql, claims: readonly Claim[]): Promise<void> {
  await sql.query('DELETE FROM sign_in_attempts WHERE key = ANY($1)', [claims.map(({ key }) => hashSecret(key))]);
}

/** Removes what has been quiet for so long that it counts no more. */
export async function forgetAttempts(sql: Sql): Promise<void> {
  await sql.query("DELETE FROM sign_in_attempts WHERE last_at < now() - $1::int * interval '1 second'", [
    FORGET_SECONDS,
  ]);
}
