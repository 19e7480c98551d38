import { AlprError } from '../base/errors.ts';
import type { Sql } from '../db/sql.ts';
import type { Rebuild } from '../search/search-index.ts';
import { countStored, readStored } from '../search/sql/scan.ts';

const BATCH = 1000;

type RebuildJob = Readonly<{
  sql: Sql;
  rebuild: Rebuild;
  signal: AbortSignal;
  /** Called after each batch with how many events it had. */
  onProgress: (events: number) => void;
}>;

export type Rebuilt = Readonly<{ stored: number; refused: number; indices: number; events: number }>;

/** How many events the database holds, those that are done included. */
export function countAll(sql: Sql): Promise<number> {
  return countStored(sql);
}

/**
 * Writes every stored event to the new indices in the order of time, from where the rebuild stands, and has them searched
 * instead of the old ones. When `signal` aborts it stops after a batch and answers undefined; the next call goes on there.
 */
export async function rebuildIndex({ sql, rebuild, signal, onProgress }: RebuildJob): Promise<Rebuilt | undefined> {
  let refused = 0;
  for (;;) {
    if (signal.aborted) return undefined;
    const { at, id, done } = rebuild.state;
    const events = await readStored(sql, { after: at !== null && id !== null ? { at, id } : undefined, limit: BATCH });
    if (events.length === 0) break;
    const indexed = await rebuild.write(events, { done: done + events.length });
    refused += indexed.refused.length;
    const [first] = indexed.refused;
    if (first && refused > BATCH) {
      throw new AlprError('SEARCH_REFUSED', `OpenSearch refuses too many events, such as ${first.id}: ${first.reason}`);
    }
    onProgress(events.length);
  }
  return { stored: rebuild.state.done, refused, ...(await rebuild.finish()) };
}
