import { AlprError } from '../base/errors.ts';
import { retryForever } from '../base/retry.ts';
import type { Sql } from '../db/sql.ts';
import type { Rebuild, SearchIndex } from '../search/search-index.ts';
import { scanEvents } from '../store/events.ts';

const BATCH = 1000;
const BACKOFF = { firstMs: 250, maxMs: 15_000, factor: 2 };

/** How long the cluster and the database are waited for: until `signal` aborts. `onAway` sees each failure and the pause. */
export type Patience = Readonly<{ signal: AbortSignal; onAway: (error: unknown, delayMs: number) => void }>;

type RebuildJob = Patience &
  Readonly<{
    sql: Sql;
    rebuild: Rebuild;
    /** Called after each batch with how many events it had. */
    onProgress: (events: number) => void;
  }>;

export type Rebuilt = Readonly<{ stored: number; refused: number; indices: number; events: number }>;

/** Goes on with the rebuild that was begun, or begins one, once the cluster is there; undefined when `signal` aborts. */
export function openRebuild(
  index: SearchIndex,
  patience: Patience & Readonly<{ onPrepared: (retention: string) => void }>,
): Promise<Rebuild | undefined> {
  return untilStopped(patience.signal, () =>
    whileAway(patience, async () => {
      const { detail } = await index.prepare();
      patience.onPrepared(detail);
      return index.beginRebuild();
    }),
  );
}

/**
 * Writes every stored event to the new indices in the order of time, from where the rebuild stands, and has them searched
 * instead of the old ones. A step that fails because the cluster or the database is away is tried again. When `signal`
 * aborts it stops after a batch and answers undefined; the next call goes on there.
 */
export function rebuildIndex(job: RebuildJob): Promise<Rebuilt | undefined> {
  return untilStopped(job.signal, () => rebuildAll(job));
}

async function rebuildAll(job: RebuildJob): Promise<Rebuilt> {
  const { sql, rebuild, signal, onProgress } = job;
  let refused = 0;
  for (;;) {
    signal.throwIfAborted();
    const { at, id, done } = rebuild.state;
    const after = at !== null && id !== null ? { at, id } : undefined;
    const events = await whileAway(job, () => scanEvents(sql, { after, limit: BATCH }));
    if (events.length === 0) break;
    // Written twice, they are as they were: the revision is their version.
    const indexed = await whileAway(job, () => rebuild.write(events, { done: done + events.length }));
    refused += indexed.refused.length;
    const [first] = indexed.refused;
    if (first && refused > BATCH) {
      throw new AlprError('SEARCH_REFUSED', `OpenSearch refuses too many events, such as ${first.id}: ${first.reason}`);
    }
    onProgress(events.length);
  }
  return { stored: rebuild.state.done, refused, ...(await whileAway(job, () => rebuild.finish())) };
}

/** Runs a step again, with growing pauses, while what it needs is away; what no time mends is thrown at once. */
function whileAway<T>({ signal, onAway }: Patience, work: () => Promise<T>): Promise<T> {
  const isLasting = (error: unknown) => !(error instanceof AlprError && error.retry);
  return retryForever({ work, backoff: BACKOFF, signal, onError: onAway, isLasting });
}

async function untilStopped<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined;
    throw error;
  }
}
