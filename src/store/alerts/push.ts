import { createECDH } from 'node:crypto';
import type { Alert } from '../../contract/alert.ts';
import type { Sql } from '../../db/sql.ts';

/** What seals, such as the key file. */
type Seals = Readonly<{ seal(content: Uint8Array): Uint8Array; unseal(sealed: Uint8Array): Buffer }>;
type Keys = Readonly<{ p256dh: string; auth: string }>;
type Subscription = Readonly<{ endpoint: string; keys: Keys }>;

/** A browser that is to be told of what one account may see. */
export async function savePushSubscription(
  sql: Pick<Sql, 'query'>,
  seals: Seals,
  { accountId, endpoint, keys }: Subscription & Readonly<{ accountId: string }>,
): Promise<void> {
  await sql.query(
    `INSERT INTO push_subscriptions (endpoint, account_id, keys) VALUES ($1, $2, $3)
     ON CONFLICT (endpoint) DO UPDATE SET account_id = EXCLUDED.account_id, keys = EXCLUDED.keys, at = now()`,
    [endpoint, accountId, seals.seal(Buffer.from(JSON.stringify(keys)))],
  );
}

/** A browser is told no more; with `accountId` only if it is theirs. */
export async function removePushSubscription(
  sql: Pick<Sql, 'query'>,
  { endpoint, accountId }: Readonly<{ endpoint: string; accountId?: string }>,
): Promise<void> {
  await sql.query('DELETE FROM push_subscriptions WHERE endpoint = $1 AND ($2::uuid IS NULL OR account_id = $2)', [
    endpoint,
    accountId ?? null,
  ]);
}

/** Where push messages go, and the key that they are signed with. */
export function createPushRegister(sql: Pick<Sql, 'query'>, seals: Seals) {
  return {
    /** The one key of this installation (VAPID), made when it is first asked for. */
    async key(): Promise<Readonly<{ publicKey: string; privateKey: string }>> {
      const kept = (await readKey(sql)) ?? (await makeKey(sql, seals));
      return { publicKey: kept.public_key, privateKey: seals.unseal(kept.private_key).toString('base64url') };
    },
    /** Browsers of people who may sign in and see what the alert is about; alerts of the system are for those who may see all. */
    async listFor(alert: Alert): Promise<readonly Subscription[]> {
      const rows = await sql.query<{ endpoint: string; keys: Uint8Array }>(
        `SELECT endpoint, keys FROM push_subscriptions JOIN user_accounts ON user_accounts.id = account_id
         WHERE disabled_at IS NULL AND (cameras IS NULL OR $1 = ANY (cameras) OR $2 = ANY (sites)) ORDER BY endpoint`,
        [alert.passage?.camera_id ?? null, alert.passage?.site_id ?? null],
      );
      return rows.map(({ endpoint, keys }) => ({ endpoint, keys: JSON.parse(seals.unseal(keys).toString('utf8')) }));
    },
    remove: (endpoint: string) => removePushSubscription(sql, { endpoint }),
  };
}

type KeyRow = Readonly<{ public_key: string; private_key: Uint8Array }>;

async function readKey(sql: Pick<Sql, 'query'>): Promise<KeyRow | undefined> {
  const [row] = await sql.query<KeyRow>('SELECT public_key, private_key FROM push_key');
  return row;
}

/** Whoever is first, all have the same one. */
async function makeKey(sql: Pick<Sql, 'query'>, seals: Seals): Promise<KeyRow> {
  const pair = createECDH('prime256v1');
  const publicKey = pair.generateKeys('base64url');
  await sql.query('INSERT INTO push_key (public_key, private_key) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    publicKey,
    seals.seal(leftPad(pair.getPrivateKey())),
  ]);
  const kept = await readKey(sql);
  if (!kept) throw new Error('expected the key that was made');
  return kept;
}

/** Node leaves out leading zeros. */
function leftPad(key: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(32 - key.length), key]);
}
