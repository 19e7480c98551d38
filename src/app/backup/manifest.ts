import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AlprError, messageOf } from '../../base/errors.ts';
import { DIVIDED_TABLES } from '../../store/upkeep/partitions.ts';

export const MANIFEST = 'backup.json';
export const TABLES = 'tables';
export const FILES = 'files';
export const OUTSIDE = 'outside';
export const CONFIGURATION = 'configuration';
export const PICTURES = 'pictures';
export const PICTURE_LIST = 'pictures.jsonl.gz';

/** A name as PostgreSQL quotes it where it must. */
const name = z.string().regex(/^([a-z_][a-z0-9_]{0,62}|"[^"]{1,63}")$/);
const instant = `'[0-9:.+ -]{10,40}'`;
const bounds = z
  .string()
  .regex(new RegExp(String.raw`^FOR VALUES FROM \((MINVALUE|${instant})\) TO \((MAXVALUE|${instant})\)$`));
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);
/** Below the data folder, whatever its parts are called. */
const keptPath = z
  .string()
  .max(1000)
  .refine((path) => path.split('/').every((part) => !['', '.', '..'].includes(part) && !/[\\\0]/.test(part)), {
    error: 'expected a path below the data folder',
  });

const manifestSchema = z.strictObject({
  format: z.literal(1),
  /** Version of the program that wrote it. */
  version: z.string(),
  created_at: z.iso.datetime(),
  site_id: z.string(),
  migrations: z.array(z.strictObject({ number: count, name: z.string(), checksum: sha256 })).min(1),
  partitions: z.array(z.strictObject({ table: z.enum(DIVIDED_TABLES), name, bounds })),
  sequences: z.array(z.strictObject({ name, value: z.string().regex(/^-?\d{1,19}$/) })),
  tables: z.array(
    z.strictObject({
      name,
      columns: z.array(name).min(1),
      rows: count,
      fingerprint: z.string().regex(/^\d+$/),
      file: z.string().regex(/^tables\/\d{3}\.copy\.gz$/),
      sha256,
    }),
  ),
  /** Keys and the like, by their path below the data folder. */
  files: z.array(z.strictObject({ path: keptPath, sha256 })),
  /** Files from outside the data folder, by their path from the root; a restore does not put them back. */
  outside: z.array(z.strictObject({ path: keptPath, sha256 })).default([]),
  pictures: z.strictObject({
    count,
    /** Whether the pictures themselves are in the backup. */
    copied: z.boolean(),
    missing: count,
  }),
});

export type BackupManifest = Readonly<z.infer<typeof manifestSchema>>;

/** The manifest as a restore takes it. */
export function parseManifest(manifest: unknown): BackupManifest {
  return manifestSchema.parse(manifest);
}

/** What is in a backup; INPUT_INVALID when the folder holds none, or one that is not whole. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const path = join(folder, MANIFEST);
  try {
    return parseManifest(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    const message = `Expected a complete backup with a ${MANIFEST} in ${folder}: ${why}`;
    throw new AlprError('INPUT_INVALID', message, { cause });
  }
}
