import type { ChainEnd } from '../../audit/chain.ts';
import { type Checkpoint, indexKeys, type PublicKeys, type Signed } from '../../audit/checkpoint.ts';
import type { Found } from '../../audit/verify-chain.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import { scanEntries } from './entries.ts';

type CheckpointRow = Readonly<{
  number: string;
  at: Date;
  hash: Buffer;
  fingerprint: string;
  signature: Buffer;
  fault: string | null;
}>;

/** A checkpoint as it is stored, and what was found broken when it was signed. */
export type StoredCheckpoint = Signed<Checkpoint> & Readonly<{ fault: string | null }>;

/** Keeps a checkpoint; nothing happens when that entry has one. */
export async function addCheckpoint(sql: Pick<SqlSession, 'query'>, checkpoint: StoredCheckpoint): Promise<void> {
  const { number, at, hash, fingerprint } = checkpoint.content;
  await sql.query(
    `INSERT INTO audit_checkpoints (number, at, hash, fingerprint, signature, fault)
     VALUES ($1, $2, decode($3, 'hex'), $4, decode($5, 'base64'), $6) ON CONFLICT DO NOTHING`,
    [number, at, hash, fingerprint, checkpoint.signature, checkpoint.fault],
  );
}

/** The checkpoints from one entry to another, in order. */
export async function listCheckpoints(
  sql: Pick<SqlSession, 'query'>,
  { from, through }: Readonly<{ from: number; through: number }>,
): Promise<readonly StoredCheckpoint[]> {
  const rows = await sql.query<CheckpointRow>(
    'SELECT * FROM audit_checkpoints WHERE number BETWEEN $1 AND $2 ORDER BY number',
    [from, through],
  );
  return rows.map(toCheckpoint);
}

/** The newest checkpoint; with `before`, the newest signed before that time. */
export async function findLastCheckpoint(
  sql: Pick<SqlSession, 'query'>,
  before?: Date,
): Promise<StoredCheckpoint | undefined> {
  const [row] = await sql.query<CheckpointRow>(
    'SELECT * FROM audit_checkpoints WHERE at < $1 ORDER BY number DESC LIMIT 1',
    [before ?? 'infinity'],
  );
  return row && toCheckpoint(row);
}

/** What was found broken first, and the checkpoint before, up to which the chain was whole; undefined when nothing was. */
export async function findFirstFault(
  sql: Pick<SqlSession, 'query'>,
): Promise<Readonly<{ fault: string; sound_until: Date | null }> | undefined> {
  const [row] = await sql.query<{ fault: string; sound_until: Date | null }>(
    `SELECT fault, (SELECT max(at) FROM audit_checkpoints AS sound WHERE sound.number < audit_checkpoints.number) AS sound_until
     FROM audit_checkpoints WHERE fault IS NOT NULL ORDER BY number LIMIT 1`,
  );
  return row;
}

/** Entries and checkpoints of a part of the chain, in the order in which an export has them. */
export async function* scanChain(sql: Sql, start: ChainEnd, through: number): AsyncGenerator<Found> {
  const checkpoints = [...(await listCheckpoints(sql, { from: start.number, through }))];
  function* passed(number: number): Generator<Found> {
    while (checkpoints[0] && checkpoints[0].content.number < number) {
      const { content, signature } = checkpoints.shift() as StoredCheckpoint;
      yield { kind: 'checkpoint', checkpoint: { content, signature } };
    }
  }
  for await (const link of scanEntries(sql, { after: start.number, through })) {
    yield* passed(link.place);
    yield { kind: 'entry', ...link };
  }
  yield* passed(Number.POSITIVE_INFINITY);
}

function toCheckpoint({ number, at, hash, fingerprint, signature, fault }: CheckpointRow): StoredCheckpoint {
  const content = { number: Number(number), at: at.toISOString(), hash: hash.toString('hex'), fingerprint };
  return { content, signature: signature.toString('base64'), fault };
}

type KeyRow = Readonly<{ fingerprint: string; public_key: string; since: Date }>;

/** The public keys that checkpoints were signed with so far. */
export async function listSigningKeys(sql: Pick<SqlSession, 'query'>): Promise<readonly KeyRow[]> {
  return sql.query<KeyRow>(
    "SELECT fingerprint, public_key, since FROM audit_keys WHERE purpose = 'sign' ORDER BY since",
  );
}

/** The same by their fingerprints. */
export async function readPublicKeys(sql: Pick<SqlSession, 'query'>): Promise<PublicKeys> {
  return indexKeys((await listSigningKeys(sql)).map(({ public_key }) => public_key));
}

/** Notes the public key; whether it is new. */
export async function addSigningKey(
  sql: Pick<SqlSession, 'query'>,
  key: Readonly<{ fingerprint: string; publicKeyPem: string }>,
): Promise<boolean> {
  const added = await sql.query(
    `INSERT INTO audit_keys (fingerprint, purpose, public_key) VALUES ($1, 'sign', $2) ON CONFLICT DO NOTHING
     RETURNING fingerprint`,
    [key.fingerprint, key.publicKeyPem],
  );
  return added.length > 0;
}

/** Notes the key that wraps plates' keys unless there is one already; resolves to the one that is in use. */
export async function settlePlatesKey(sql: Sql, fingerprint: string): Promise<string> {
  return sql.transaction(async (session) => {
    await session.query('SELECT FROM audit_head FOR UPDATE');
    const [known] = await session.query<{ fingerprint: string }>(
      "SELECT fingerprint FROM audit_keys WHERE purpose = 'plates' ORDER BY since DESC LIMIT 1",
    );
    if (known) return known.fingerprint;
    await session.query("INSERT INTO audit_keys (fingerprint, purpose) VALUES ($1, 'plates')", [fingerprint]);
    return fingerprint;
  });
}
