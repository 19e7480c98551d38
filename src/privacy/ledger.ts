import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncFolder } from '../base/durable-file.ts';
import { AlprError } from '../base/errors.ts';
import { makeFolder } from '../base/make-folder.ts';
import { erasureReportSchema } from '../contract/api/privacy.ts';

const FILE = 'erased.jsonl';

const entrySchema = erasureReportSchema
  .pick({ at: true, by: true, reason: true, subject: true })
  .extend({ id: z.uuid(), events: z.array(z.uuid()).readonly() });

/** One erasure as it was begun, with the ids of its events. No plate stands here. */
export type LedgerEntry = Readonly<z.infer<typeof entrySchema>>;

/**
 * What was erased, in a file beside the database: a database that is restored from an earlier backup does not know it, and is
 * told from here.
 */
export interface Ledger {
  /** Durable once resolved. */
  append(entry: LedgerEntry): Promise<void>;
  read(): Promise<readonly LedgerEntry[]>;
}

/** The ledger in a folder, which is made with its first entry. */
export function openLedger(folder: string): Ledger {
  const path = join(folder, FILE);
  return {
    async append(entry) {
      await makeFolder(folder, { mode: 0o700 });
      await using file = await open(path, 'a', 0o600);
      await file.write(`${JSON.stringify(entry)}\n`);
      await file.datasync();
      await syncFolder(folder);
    },
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      return text.split('\n').flatMap((line, at) => (line === '' ? [] : [parse(path, line, at + 1)]));
    },
  };
}

function parse(path: string, line: string, number: number): LedgerEntry {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new AlprError('CONFIG_INVALID', `Expected an erasure in line ${number} of ${path}; put it back from a copy`, {
      cause,
    });
  }
}
