import type { Sql } from '../db/sql.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import { listSigningKeys, scanChain } from '../store/audit/checkpoints.ts';
import { findRange } from '../store/audit/export-range.ts';
import { canonicalize } from './canonical.ts';
import { signContent } from './checkpoint.ts';

type Span = Readonly<{ from?: Date | undefined; to?: Date | undefined }>;

/**
 * A part of the chain as lines of JSON that `alpr audit verify` checks without the database: first what is in it, signed, with
 * the public keys, then entries with their hashes and the checkpoints between them. Plates stay encrypted.
 */
export async function* exportChain(sql: Sql, signing: SigningKey, span: Span): AsyncGenerator<string> {
  const { start, end } = await findRange(sql, span);
  const known = await listSigningKeys(sql);
  const keys = known.map(({ since, ...key }) => ({ ...key, since: since.toISOString() }));
  const { fingerprint, publicKeyPem: public_key } = signing;
  const made_at = new Date().toISOString();
  // A command may export before anything was signed.
  if (!keys.some((key) => key.fingerprint === fingerprint)) keys.push({ fingerprint, public_key, since: made_at });
  const head = { version: 1, made_at, start, end, keys, fingerprint: signing.fingerprint };
  const { content, signature } = signContent(head, signing);
  yield formatLine({ export: content, signature });
  for await (const one of scanChain(sql, start, end.number)) {
    if (one.kind === 'entry') yield formatLine({ entry: one.entry, hash: one.hash });
    else yield formatLine({ checkpoint: one.checkpoint.content, signature: one.checkpoint.signature });
  }
}

function formatLine(content: object): string {
  return `${canonicalize(content)}\n`;
}
