import { createHash } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AlprError, messageOf } from '../base/errors.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { cornersInPicture } from '../contract/plate-picture.ts';
import { normalizePlate } from '../contract/plate-text.ts';
import type { Sql } from '../db/sql.ts';
import type { Images } from '../images/images.ts';
import { readReviewedEvents } from '../store/reviewed-events.ts';
import type { ReviewConfig } from './config.ts';

/** From here on the region of a machine's read is worth learning: people decide on texts, not on regions. */
const SURE_REGION = 0.9;

/** What training/ calls such a set. */
const SET = 'corrections';

type TrainingExport = Readonly<{
  sql: Sql;
  images: Pick<Images, 'get'>;
  config: ReviewConfig;
  /** Which must not have rows yet. */
  folder: string;
  from?: Date | undefined;
  to?: Date | undefined;
}>;

/** How many plates were written, and how many were left out because their picture is gone, or does not fit. */
export type ExportedRows = Readonly<{ written: number; withoutPicture: number }>;

/**
 * Writes what people confirmed and corrected as a set of training/: `labels.jsonl`, the pictures of the plates with their hashes in
 * its rows, and `set.json` with the hash of the rows, by which models name what trained them. What was erased is in no database,
 * so it is not in a set either. FORBIDDEN unless the configuration allows it, CONFLICT for a folder
 * that has rows.
 */
export async function exportTraining({ sql, images, config, folder, from, to }: TrainingExport): Promise<ExportedRows> {
  if (!config.export_training) {
    throw new AlprError(
      'FORBIDDEN',
      'Expected review.export_training to be true: pictures and texts of plates leave the system. Turn it on where those who are responsible for the data have agreed',
    );
  }
  await makeFolder(join(folder, 'images'));
  await using labels = await createFile(join(folder, 'labels.jsonl'));
  const hash = createHash('sha256');
  let [written, withoutPicture] = [0, 0];
  for await (const events of readReviewedEvents(sql, { from, to })) {
    for (const event of events) {
      const row = describeRow(event);
      const bytes = row && (await readPicture(images, event));
      if (row && bytes) {
        await writeFile(join(folder, row.file), bytes);
        const line = `${JSON.stringify(row)}\n`;
        hash.update(line);
        await labels.write(line);
        written += 1;
      } else withoutPicture += 1;
    }
  }
  await labels.sync();
  const set = { set: SET, rows: written, labels_sha256: hash.digest('hex'), written_at: new Date().toISOString() };
  await writeFile(join(folder, 'set.json'), `${JSON.stringify(set, undefined, 2)}\n`);
  return { written, withoutPicture };
}

async function createFile(file: string) {
  try {
    return await open(file, 'wx');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    throw new AlprError('CONFLICT', `Expected no ${file} yet; name another folder, or remove it`, { cause });
  }
}

/** The corners stand in pixels of the picture of the plate. The event is named, so that its row can be found if it is erased later. */
function describeRow(event: PlateEvent) {
  const { plate, images } = event;
  const corners = cornersInPicture(event);
  // A pseudonym is not the text of the picture.
  if (!images || !corners || normalizePlate(plate.text_normalized) !== plate.text_normalized) return undefined;
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return {
    file: `images/${event.event_id}.jpg`,
    sha256: images.plate.sha256,
    w: images.plate.w,
    h: images.plate.h,
    box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
    corners,
    text: plate.text_normalized,
    lines: plate.lines,
    region: (plate.region_confidence ?? 0) >= SURE_REGION ? (plate.region ?? '') : '',
    certain: true,
    event: event.event_id,
    read_as: plate.text_raw,
  };
}

/** Undefined for a picture that is gone, or is not the one that the event speaks of. */
async function readPicture(images: Pick<Images, 'get'>, { images: pictures }: PlateEvent) {
  if (!pictures) return undefined;
  const { key, sha256 } = pictures.plate;
  try {
    const bytes = (await images.get(key))?.bytes;
    return bytes && createHash('sha256').update(bytes).digest('hex') === sha256 ? bytes : undefined;
  } catch (error) {
    if (error instanceof AlprError && !error.retry) return undefined;
    throw new AlprError('IMAGES_UNAVAILABLE', `Expected the picture ${key}: ${messageOf(error)}`, { cause: error });
  }
}
