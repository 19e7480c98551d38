import { z } from 'zod';
import { fingerprintOfPem, type SigningKey, verifySignature } from '../identity/signing-key.ts';
import { canonicalize } from './canonical.ts';
import type { ChainEnd } from './chain.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What is signed: at that time the entry with that number had this hash. */
export const checkpointSchema = z.strictObject({ number: z.int().min(0), hash, at: z.string(), fingerprint: hash });

export type Checkpoint = Readonly<z.infer<typeof checkpointSchema>>;

/** Something signed, as it is stored and exported; the signature in base64. */
export type Signed<T> = Readonly<{ content: T; signature: string }>;

/** Public keys (PEM) by their fingerprints. */
export type PublicKeys = ReadonlyMap<string, string>;

/** Each key under the fingerprint that it really has, whatever stands beside it; what is no key is left out. */
export function indexKeys(pems: readonly string[]): PublicKeys {
  return new Map(pems.map((pem) => [fingerprintOfPem(pem) ?? '', pem] as const).filter(([print]) => print !== ''));
}

/** Signs the end of the chain. */
export function signCheckpoint(end: ChainEnd, key: SigningKey, at: Date): Signed<Checkpoint> {
  return signContent({ ...end, at: at.toISOString(), fingerprint: key.fingerprint }, key);
}

/** Signs the canonical text of anything. */
export function signContent<T extends object>(content: T, key: SigningKey): Signed<T> {
  return { content, signature: key.sign(Buffer.from(canonicalize(content))).toString('base64') };
}

/** Whether the key that it names signed it; false for a key that is not among these. */
export function isSigned({ content, signature }: Signed<Readonly<{ fingerprint: string }>>, keys: PublicKeys): boolean {
  const publicKeyPem = keys.get(content.fingerprint);
  if (publicKeyPem === undefined) return false;
  return verifySignature(Buffer.from(canonicalize(content)), {
    signature: Buffer.from(signature, 'base64'),
    publicKeyPem,
  });
}
