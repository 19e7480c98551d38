import { z } from 'zod';
import { AlprError, messageOf } from '../../base/errors.ts';
import { type SigningKey, verifySignature } from '../../identity/signing-key.ts';
import { plainFile, sha256 } from '../manifest-common.ts';
import type { VersionFile } from './registry.ts';
import type { TrustedKeys } from './trusted-keys.ts';

/** The file that is not in the list: it has the list. */
export const SIGNATURE_FILE = 'signature.json';
export const CARD_FILE = 'card.json';

/** A signature with its list is never larger, in bytes. */
export const MOST_SIGNATURE_BYTES = 256_000;
const MOST_FILES = 500;
const MOST_BYTES = 4_000_000_000;
const FORMAT = 'ovr-alpr model version 1';

const file = z.strictObject({ path: plainFile.max(200), bytes: z.int().min(0).max(MOST_BYTES), sha256 });

const signatureSchema = z.strictObject({
  format: z.literal(FORMAT),
  signed_at: z.iso.datetime(),
  /** Of the public key. */
  fingerprint: sha256,
  files: z.array(file).min(1).max(MOST_FILES),
  signature: z.base64().max(200),
});

export type VersionSignature = Readonly<z.infer<typeof signatureSchema>>;

/** Signs the list of a version's files. */
export function signFiles(files: readonly VersionFile[], key: SigningKey, now: Date): VersionSignature {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const said = { signed_at: now.toISOString(), fingerprint: key.fingerprint, files: sorted };
  return { format: FORMAT, ...said, signature: key.sign(writeCanonical(said)).toString('base64') };
}

/** A signature as JSON; MODEL_UNTRUSTED names what is wrong with it. A path that leaves the folder is wrong, too. */
export function parseSignature(text: string): VersionSignature {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AlprError('MODEL_UNTRUSTED', `${SIGNATURE_FILE} is not JSON: ${messageOf(cause)}`, { cause });
  }
  const parsed = signatureSchema.safeParse(json);
  if (!parsed.success) {
    throw new AlprError('MODEL_UNTRUSTED', `${SIGNATURE_FILE} does not fit: ${z.prettifyError(parsed.error)}`);
  }
  const { files } = parsed.data;
  const names = new Set(files.map(({ path }) => path.toLowerCase()));
  if (names.size < files.length || names.has(SIGNATURE_FILE)) {
    throw new AlprError('MODEL_UNTRUSTED', `${SIGNATURE_FILE} lists a file twice, or itself`);
  }
  return parsed.data;
}

/** MODEL_UNTRUSTED unless one of the keys has signed exactly this list. */
export function requireTrusted(signature: VersionSignature, trusted: TrustedKeys): void {
  const publicKeyPem = trusted.get(signature.fingerprint);
  const short = signature.fingerprint.slice(0, 12);
  if (publicKeyPem === undefined) {
    throw new AlprError(
      'MODEL_UNTRUSTED',
      `Expected a signature of a trusted key, but the key ${short} is not in models.registry.trusted_keys`,
    );
  }
  const bytes = Buffer.from(signature.signature, 'base64');
  if (!verifySignature(writeCanonical(signature), { signature: bytes, publicKeyPem })) {
    throw new AlprError('MODEL_UNTRUSTED', `${SIGNATURE_FILE} was changed after the key ${short} had signed it`);
  }
}

/** What is signed: a line for the format, the time and the key, then one for each file, as sha256sum writes them. */
function writeCanonical(said: Pick<VersionSignature, 'signed_at' | 'fingerprint' | 'files'>): Buffer {
  const files = said.files.map(({ path, bytes, sha256 }) => `${sha256} ${bytes} ${path}`);
  return Buffer.from([FORMAT, said.signed_at, said.fingerprint, ...files, ''].join('\n'));
}
