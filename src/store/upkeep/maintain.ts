import type { Log } from '../../base/log.ts';
import { pause } from '../../base/retry.ts';
import type { Division } from '../../db/migrations.ts';
import type { Sql } from '../../db/sql.ts';
import { refreshCameraDrift } from '../camera-drift.ts';
import { removeOldPassages } from '../passage-counts.ts';
import { dropOldChunks } from './chunks.ts';
import { buildIndexes } from './indexes.ts';
import { createPartitions, DIVIDED_TABLES, dropPartitions } from './partitions.ts';
import type { PeriodLength } from './periods.ts';
import { refreshStatistics } from './statistics.ts';

const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Texts examined at once when those without an event are removed. */
const TEXTS_AT_ONCE = 10_000;

/** How long events are kept and how they are divided, from the configuration. */
export type KeepOptions = Readonly<{ retention_days: number | null; partition: PeriodLength }>;

type MaintainOptions = Readonly<{ sql: Sql; division: Division; keep: KeepOptions; log: Log; now?: () => number }>;

/**
 * One round of upkeep: what is older than `retention_days` removed, partitions made ahead, statistics brought up to date
 * (these two by TimescaleDB's own jobs where it is), the drift of cameras measured, indexes built that a migration left out.
 * Several processes may do it at once. A part that fails keeps no other from being done; it is thrown afterwards.
 */
export async function maintain(options: MaintainOptions): Promise<void> {
  const { sql, now = Date.now } = options;
  const native = options.division === 'native';
  const parts = [() => removeOld(options)];
  if (native) parts.unshift(() => makePartitions(options));
  if (native) parts.push(() => refreshStatistics(sql, now()));
  parts.push(() => refreshCameraDrift(sql, now()));
  if (native) parts.push(() => buildIndexes(sql, options.log));
  const errors: unknown[] = [];
  for (const part of parts) await part().catch((error: unknown) => errors.push(error));
  if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join('; '));
  if (errors.length === 1) throw errors[0];
}

/** Maintains now and then every hour until disposed; a failed round is logged, and the next one tries again. */
export function openMaintenance(options: MaintainOptions): AsyncDisposable {
  const closing = new AbortController();
  const running = (async () => {
    while (!closing.signal.aborted) {
      try {
        await maintain(options);
      } catch (error) {
        options.log.warn({ err: error }, 'database maintenance fails; trying again in an hour');
      }
      await pause(EVERY_MS, closing.signal);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}

async function makePartitions({ sql, keep, log, now = Date.now }: MaintainOptions): Promise<void> {
  for (const table of DIVIDED_TABLES) {
    const created = await createPartitions(sql, table, { length: keep.partition, now: now() });
    if (created.length > 0) log.debug({ partitions: created }, 'future partitions are created');
  }
}

async function removeOld({ sql, division, keep, log, now = Date.now }: MaintainOptions): Promise<void> {
  if (keep.retention_days === null) return;
  const cutoff = now() - keep.retention_days * DAY_MS;
  await removeOldPassages(sql, new Date(cutoff));
  const gone = division === 'native' ? await dropOldPartitions(sql, cutoff) : await dropOldChunks(sql, cutoff);
  if (gone.length === 0) return;
  log.info({ partitions: gone }, 'expired partitions are dropped');
  await removeUnusedTexts(sql);
}

async function dropOldPartitions(sql: Sql, cutoff: number): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const table of DIVIDED_TABLES) gone.push(...(await dropPartitions(sql, table, cutoff)));
  return gone;
}

/**
 * Removes plates without events. Writers wait for each portion: one that has just stored an event of such a text would
 * otherwise lose the text.
 */
async function removeUnusedTexts(sql: Sql): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const from: string = after;
    after = await sql.transaction(async (session) => {
      await session.query("SET LOCAL lock_timeout = '5s'");
      await session.query('LOCK TABLE plate_texts IN SHARE ROW EXCLUSIVE MODE');
      const [portion] = await session.query<{ last: string | null }>(
        `WITH portion AS (SELECT text FROM plate_texts WHERE text > $1 ORDER BY text LIMIT ${TEXTS_AT_ONCE}),
           gone AS (DELETE FROM plate_texts USING portion WHERE plate_texts.text = portion.text
             AND NOT EXISTS (SELECT FROM plate_events WHERE text_normalized = portion.text))
         SELECT max(text) AS last FROM portion`,
        [from],
      );
      return portion?.last ?? undefined;
    });
  }
}
