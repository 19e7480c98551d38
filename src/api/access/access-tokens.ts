import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, errors, exportJWK, jwtVerify, SignJWT } from 'jose';
import type { Sql } from '../../db/sql.ts';
import type { KeyFile } from '../../identity/key-file.ts';
import { addSigningKey, listSigningKeys, type StoredKey } from '../../store/sign-in/signing-keys.ts';

/** How long a program's token works. */
export const TOKEN_SECONDS = 600;

const ISSUER = 'ovr-alpr';
/** A key signs for a month; what it has signed is believed a day longer. */
const [SIGN_DAYS, KEEP_DAYS] = [30, 31];
const DAY_MS = 86_400_000;
/** Tokens with unknown keys make us ask the database at most so often in this time, milliseconds. */
const [RELOADS, RELOAD_MS] = [5, 1000];

type SigningKey = Readonly<{ kid: string; key: KeyObject; until: number }>;

/** The short tokens of programs: JWT with EdDSA (RFC 8037), whose keys are in the database and change. */
export class AccessTokens {
  readonly #sql: Sql;
  readonly #keyFile: KeyFile;
  readonly #known = new Map<string, KeyObject>();
  #signing: SigningKey | undefined;
  #reloads = { since: 0, count: 0 };

  constructor({ sql, keyFile }: Readonly<{ sql: Sql; keyFile: KeyFile }>) {
    this.#sql = sql;
    this.#keyFile = keyFile;
  }

  async sign({ account, session }: Readonly<{ account: string; session: string }>): Promise<string> {
    const { kid, key } = await this.#findSigningKey();
    return new SignJWT({ sid: session })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setSubject(account)
      .setIssuedAt()
      .setExpirationTime(`${TOKEN_SECONDS}s`)
      .sign(key);
  }

  /** The session that a token belongs to; undefined for a token that is not ours or is over. */
  async verify(token: string): Promise<string | undefined> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.#findKey(kid), {
        algorithms: ['EdDSA'],
        issuer: ISSUER,
        audience: ISSUER,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'sub', 'sid'],
      });
      return typeof payload.sid === 'string' ? payload.sid : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  async #findKey(kid: string | undefined): Promise<KeyObject> {
    if (kid !== undefined && !this.#known.has(kid) && this.#mayReload()) await this.#load();
    const key = this.#known.get(kid ?? '');
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key;
  }

  /** Another process may have made a key a moment ago; forged tokens are not to cost a query each. */
  #mayReload(): boolean {
    const now = Date.now();
    if (now - this.#reloads.since > RELOAD_MS) this.#reloads = { since: now, count: 0 };
    this.#reloads.count += 1;
    return this.#reloads.count <= RELOADS;
  }

  async #findSigningKey(): Promise<SigningKey> {
    if (this.#signing && this.#signing.until > Date.now()) return this.#signing;
    // Another process with the same key file may have made one.
    const ours = (await this.#load()).find(({ sealed_by }) => sealed_by === this.#keyFile.id);
    const until = ours ? ours.created_at.getTime() + SIGN_DAYS * DAY_MS : 0;
    this.#signing = ours && until > Date.now() ? this.#open(ours, until) : await this.#create();
    return this.#signing;
  }

  async #load(): Promise<readonly StoredKey[]> {
    const keys = await listSigningKeys(this.#sql, KEEP_DAYS);
    this.#known.clear();
    for (const { kid, public_key } of keys) {
      this.#known.set(kid, createPublicKey({ key: { ...public_key }, format: 'jwk' }));
    }
    return keys;
  }

  #open({ kid, private_key }: StoredKey, until: number): SigningKey {
    const key = createPrivateKey({ key: this.#keyFile.unseal(private_key), format: 'der', type: 'pkcs8' });
    return { kid, key, until };
  }

  async #create(): Promise<SigningKey> {
    const { privateKey: key, publicKey } = generateKeyPairSync('ed25519');
    const jwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    const sealed = this.#keyFile.seal(key.export({ format: 'der', type: 'pkcs8' }));
    const stored = { kid, public_key: { ...jwk }, private_key: sealed, sealed_by: this.#keyFile.id };
    await addSigningKey(this.#sql, stored, KEEP_DAYS);
    this.#known.set(kid, publicKey);
    return { kid, key, until: Date.now() + SIGN_DAYS * DAY_MS };
  }
}
