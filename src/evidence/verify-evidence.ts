import { createHash } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import { fingerprintOfPem, matchesFingerprint, verifySignature } from '../identity/signing-key.ts';
import { MANIFEST, type Manifest, manifestSchema, PUBLIC_KEY, SIGNATURE } from './manifest.ts';
import { readZip } from './read-zip.ts';

/** What a zip of evidence is, and what was changed in it: nothing where `faults` is empty. */
export type EvidenceVerdict = Readonly<{ manifest: Manifest; fingerprint: string; faults: readonly string[] }>;

/**
 * Checks a zip of evidence by itself. INPUT_INVALID when it is none. Whoever changes it can sign it with a key of his own:
 * only `key`, the fingerprint that one knows from elsewhere or its first 12 digits, says whose it is.
 */
export function verifyEvidence(zip: Buffer, key?: string): EvidenceVerdict {
  const files = readZip(zip);
  const [signed, signature, pem] = [files.get(MANIFEST), files.get(SIGNATURE), files.get(PUBLIC_KEY)?.toString()];
  const manifest = parseManifest(signed);
  const fingerprint = (pem && fingerprintOfPem(pem)) || 'none';
  const faults: string[] = [];
  const isSigned = signed && signature && pem && verifySignature(signed, { signature, publicKeyPem: pem });
  if (!isSigned) faults.push(`${MANIFEST} was changed, or its signature or key: they do not fit each other`);
  if (manifest.fingerprint !== fingerprint) faults.push(`${PUBLIC_KEY} is not the key that ${MANIFEST} names`);
  if (key !== undefined && !matchesFingerprint(fingerprint, key)) {
    faults.push(`It was signed with the key ${fingerprint}, not with ${key}`);
  }
  const listed = new Set([MANIFEST, SIGNATURE, PUBLIC_KEY]);
  for (const { name, sha256 } of manifest.files) {
    const content = files.get(name);
    listed.add(name);
    if (!content) faults.push(`${name} was removed`);
    else if (createHash('sha256').update(content).digest('hex') !== sha256) faults.push(`${name} was changed`);
  }
  for (const name of files.keys()) if (!listed.has(name)) faults.push(`${name} was added`);
  return { manifest, fingerprint, faults };
}

function parseManifest(bytes: Buffer | undefined): Manifest {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(bytes?.toString() ?? ''));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AlprError(
    'INPUT_INVALID',
    `Expected a zip that alpr evidence made, with a ${MANIFEST} that says what is in it`,
  );
}
