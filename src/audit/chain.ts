import { z } from 'zod';
import { auditActionSchema } from '../contract/audit.ts';
import type { AuditEntry } from '../identity/audit-entry.ts';
import { canonicalize, hashText } from './canonical.ts';

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** One entry as it is hashed, stored and exported. */
export const chainedEntrySchema = z.strictObject({
  number: z.int().min(1),
  /** Hash of the entry before; of the first, zeros. */
  previous: hashSchema,
  at: z.string(),
  action: auditActionSchema,
  who: z
    .strictObject({ kind: z.enum(['person', 'token', 'address', 'system']), id: z.string(), name: z.string() })
    .nullable(),
  from: z.string(),
  operation: z.string(),
  status: z.int(),
  purpose: z.string().nullable(),
  case_number: z.string().nullable(),
  query: z.record(z.string(), z.unknown()),
  /** Id of the plate's key, and the plate encrypted with it. */
  plates: z.array(z.strictObject({ key: z.uuid(), sealed: z.string() })),
  results: z.int().nullable(),
});

export type ChainedEntry = Readonly<z.infer<typeof chainedEntrySchema>>;

/** The end of the chain: the number and hash of the last entry. */
export type ChainEnd = Readonly<{ number: number; hash: string }>;

/** An entry with its place in the chain, its text as it is hashed, and the hash. */
export type Link = Readonly<{ entry: ChainedEntry; text: string; hash: string }>;

/** Before the first entry. */
export const CHAIN_START: ChainEnd = { number: 0, hash: '0'.repeat(64) };

/** Appends entries to the end of the chain, in their order; `seal` encrypts a plate. */
export function appendLinks(
  end: ChainEnd,
  entries: readonly AuditEntry[],
  seal: (plate: string) => ChainedEntry['plates'][number],
): readonly Link[] {
  let { number, hash } = end;
  return entries.map((one) => {
    number += 1;
    const entry: ChainedEntry = { ...describeEntry(one), number, previous: hash, plates: one.plates.map(seal) };
    const text = canonicalize(entry);
    hash = hashText(text);
    return { entry, text, hash };
  });
}

function describeEntry({ at, who, purpose, caseNumber, results, plates: _, ...rest }: AuditEntry) {
  return {
    ...rest,
    at: at.toISOString(),
    who: who ?? null,
    purpose: purpose ?? null,
    case_number: caseNumber ?? null,
    results: results ?? null,
  };
}
