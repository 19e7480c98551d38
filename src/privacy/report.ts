import { createHash, createHmac } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import { type ErasureReport, type SignedReport, signedReportSchema } from '../contract/api/privacy.ts';
import { fingerprintOfPem, type SigningKey, verifySignature } from '../identity/signing-key.ts';

/** Signs a report as JSON without spaces. */
export function signReport(report: ErasureReport, key: SigningKey): SignedReport {
  return { report, public_key: key.publicKeyPem, signature: key.sign(bytesOf(report)).toString('base64') };
}

/**
 * Checks a report as it was downloaded; INPUT_INVALID when it is none, or was changed after it was signed. Resolves to the
 * fingerprint of the key, which people compare.
 */
export function verifyReport(text: string): Readonly<{ report: ErasureReport; fingerprint: string }> {
  const { bytes, report, public_key: publicKeyPem, signature } = parse(text);
  const fingerprint = fingerprintOfPem(publicKeyPem);
  const isSigned = verifySignature(bytes, { signature: Buffer.from(signature, 'base64'), publicKeyPem });
  if (fingerprint !== undefined && isSigned) return { report, fingerprint };
  throw new AlprError('INPUT_INVALID', 'Expected the report as it was signed; it was changed, or its key was');
}

/** Stands for a plate in reports: whoever has the key of this installation can tell whether it was this one. */
export function hashSubject(plate: string, key: SigningKey): string {
  const secret = createHash('sha256')
    .update(key.sign(Buffer.from('ovr-alpr erasure subjects')))
    .digest();
  return createHmac('sha256', secret).update(plate).digest('hex');
}

function bytesOf(report: ErasureReport): Buffer {
  return Buffer.from(JSON.stringify(report));
}

function parse(text: string): SignedReport & Readonly<{ bytes: Buffer }> {
  try {
    const content: unknown = JSON.parse(text);
    const signed = signedReportSchema.parse(content);
    // As it came: parsing puts the keys in the order of the schema.
    return { ...signed, bytes: bytesOf((content as SignedReport).report) };
  } catch (cause) {
    throw new AlprError('INPUT_INVALID', 'Expected the signed report of an erasure', { cause });
  }
}
