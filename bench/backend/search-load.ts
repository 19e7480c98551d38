import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Sql } from '../../src/db/sql.ts';
import type { Indexed, SearchIndex } from '../../src/search/search-index.ts';
import { rowOf, STAGING_COLUMNS } from '../../src/store/event-row.ts';
import { createPartitions } from '../../src/store/upkeep/partitions.ts';
import type { BenchRead } from './search-plates.ts';

const COPIED_AT_ONCE = 20_000;
const MONTH_MS = 30 * 86_400_000;

/** Copies reads into the tables of events and texts as a year of ingest leaves them; indexes are built afterwards. */
export async function loadDatabase(sql: Sql, reads: Iterable<BenchRead>, now: number): Promise<void> {
  // A call makes the coming periods too.
  for (let months = 12; months >= 0; months -= 3) {
    await createPartitions(sql, 'plate_events', { length: 'month', now: now - months * MONTH_MS });
  }
  const indexes = await dropIndexes(sql);
  for (const rows of inChunks(reads, COPIED_AT_ONCE)) {
    const lines = rows.map(({ event }) => rowOf(event).line).join('');
    await sql.transaction((session) => session.copyFrom(`COPY plate_events (${STAGING_COLUMNS}) FROM STDIN`, lines));
    await yieldToOthers();
  }
  await sql.query('INSERT INTO plate_texts (text) SELECT DISTINCT text_normalized FROM plate_events');
  for (const index of indexes) {
    await sql.transaction(async (session) => {
      await session.query("SET LOCAL maintenance_work_mem = '1GB'");
      await session.query(index);
    });
  }
  await sql.query('VACUUM ANALYZE plate_events, plate_texts');
}

/** Drops what is not a key; the statements that build it again. */
async function dropIndexes(sql: Sql): Promise<readonly string[]> {
  const found = await sql.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') AS definition
     FROM pg_index WHERE indrelid IN ('plate_events'::regclass, 'plate_texts'::regclass) AND NOT indisunique`,
  );
  for (const { name } of found) await sql.query(`DROP INDEX ${name}`);
  return found.map(({ definition }) => definition);
}

const INDEXED_AT_ONCE = 2000;

/** Fills new indices as `alpr reindex` does, without refreshes until all of them are searched; goes on where it stopped. */
export async function loadIndex(index: SearchIndex, reads: Iterable<BenchRead>): Promise<void> {
  await index.prepare();
  const rebuild = await index.beginRebuild();
  const begun = rebuild.state.done;
  let [done, writing] = [0, Promise.resolve()];
  for (const part of inChunks(reads, INDEXED_AT_ONCE)) {
    if (done < begun) {
      done += part.length;
      continue;
    }
    const events = part.map(({ event }) => event);
    await writing;
    done += events.length;
    writing = rebuild.write(events, { done }).then(refuseLoss);
  }
  await writing;
  await rebuild.finish();
}

function refuseLoss({ refused }: Indexed): void {
  if (refused[0]) throw new Error(`Expected OpenSearch to take every read, got ${refused[0].reason}`);
}

function* inChunks<T>(all: Iterable<T>, size: number): Generator<readonly T[]> {
  let chunk: T[] = [];
  for (const one of all) {
    chunk.push(one);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
