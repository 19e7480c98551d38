import type { PlateCipher } from '../audit/plate-cipher.ts';
import type { Sql } from '../db/sql.ts';
import { listEntries } from '../store/audit/list-entries.ts';
import type { LookUp } from './access-page.ts';

const PAGE = 500;
const MOST = 10_000;

/** Who asked for a plate, the newest first, and at most ten thousand times. */
export async function readLookUps(sql: Sql, cipher: PlateCipher, plate: string): Promise<readonly LookUp[]> {
  const found: LookUp[] = [];
  let cursor: string | undefined;
  do {
    const { entries, next } = await listEntries(sql, cipher, { plate, limit: PAGE, cursor });
    for (const { at, who, operation, purpose } of entries) {
      found.push({ at, who: who?.name ?? 'nobody signed in', operation, purpose });
    }
    cursor = next ?? undefined;
  } while (cursor !== undefined && found.length < MOST);
  return found;
}
