import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog } from '../../src/base/log.ts';
import { createRandom } from '../../src/base/random.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';

export type BenchDatabase = Readonly<{ sql: Sql }> & AsyncDisposable;

/** An empty database of its own, gone when disposed; in a folder that is named, whatever is there, and it stays. */
export async function openBenchDatabase(kept?: string): Promise<BenchDatabase> {
  if (kept !== undefined) await mkdir(kept, { recursive: true });
  const folder = kept ?? (await mkdtemp(path.join(tmpdir(), 'bench-db-')));
  await chmod(folder, 0o755);
  const log = createLog({ level: 'silent' });
  const database = await openEmbeddedPostgres({ dataDir: folder, log, poolSize: 8 });
  await migrate({ sql: database.sql, log });
  return {
    sql: database.sql,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      if (kept === undefined) await rm(folder, { recursive: true });
    },
  };
}

/** Events with random seven-character plates, 20 cameras, one every second backwards from now; the same in every run. */
export function makeEvents(count: number, seed = 1): PlateEvent[] {
  const { below: next } = createRandom(seed);
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => makeEvent(next, now - index * 1000));
}

const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

function makeEvent(next: (below: number) => number, at: number): PlateEvent {
  const pick = (from: string) => from.charAt(next(from.length));
  const word = (length: number, from: string) => Array.from({ length }, () => pick(from)).join('');
  const text = word(2, LETTERS) + word(2, '0123456789') + word(3, LETTERS);
  const moment = new Date(at).toISOString();
  const hex = word(18, '0123456789abcdef');
  const camera = `cam-${next(20)}`;
  const stamp = at.toString(16).padStart(12, '0');
  return {
    schema_version: 1,
    event_id: `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6)}`,
    revision: 1,
    status: 'final',
    detected_at: moment,
    site_id: 'bench',
    camera_id: camera,
    camera_name: camera,
    source: 'edge',
    time: { first_seen: moment, best: moment, last_seen: moment, published: moment },
    track_id: String(next(100_000)),
    frames_read: 8,
    reads_agreeing: 6,
    frames_rejected: { blurred: 2 },
    plate: {
      text_raw: text,
      text_normalized: text,
      confidence: 0.5 + next(50) / 100,
      chars: [...text].map((c) => ({ c, p: 0.9, alt: [{ c: pick(LETTERS), p: 0.05 }] })),
      candidates: [
        { text, p: 0.8 },
        { text: `${text.slice(0, 6)}${pick(LETTERS)}`, p: 0.1 },
      ],
      region: null,
      region_confidence: null,
      lines: 1,
      bbox: [100, 200, 120, 30],
      quad: [
        [100, 200],
        [220, 200],
        [220, 230],
        [100, 230],
      ],
      char_height_px: 22,
      sharpness: 0.7,
      detector_model: 'alpr-detect@0123456789ab',
      ocr_model: 'alpr-read@0123456789ab',
    },
    vehicle: { detected: false, type: null, confidence: null },
    motion: { direction_deg: 90, stationary: false, dwell_ms: 900, path: [] },
    images: null,
    processing: { detect_ms: 20, read_ms: 4, provider: 'cpu', version: '0.1.0' },
    review: null,
  };
}

/** The time that `share` of the calls stay below, milliseconds. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
