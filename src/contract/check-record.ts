import { SCALES, type WireRecord } from './wire-record.ts';

/** 0000-01-01 and the last millisecond of 9999, between which a time has four digits of year. */
const [FIRST_MS, LAST_MS] = [-62_167_219_200_000, 253_402_300_799_999];
const ACTIONS: ReadonlySet<string> = new Set(['confirm', 'correct', 'reject', 'merge']);
const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const REASON = /^[a-z][a-z0-9_]{0,31}$/;

/**
 * The path of the first value of a record that `plateEventSchema` would refuse, though the Avro schema allows it; undefined
 * for a sound record. The same checks as zod's in a tenth of the time: a test holds them against each other.
 */
export function findMisfit(record: WireRecord): string | undefined {
  const { event_id: id, time, plate, vehicle, motion, images, processing, review } = record;
  if (record.schema_version !== 1) return 'schema_version';
  if ((id[6] ?? 0) >> 4 !== 7 || (id[8] ?? 0) >> 6 !== 2) return 'event_id';
  if (record.revision < 1) return 'revision';
  if (!isTime(record.detected_at)) return 'detected_at';
  if (record.site_id === '' || record.site_id.length > 64) return 'site_id';
  if (record.camera_id === '' || record.camera_id.length > 64) return 'camera_id';
  if (record.camera_name.length > 200) return 'camera_name';
  if (!isTime(time.first_seen) || !isTime(time.best) || !isTime(time.last_seen) || !isTime(time.published))
    return 'time';
  if (record.track_id.length > 64) return 'track_id';
  if (record.frames_read < 0) return 'frames_read';
  if (record.reads_agreeing < 0) return 'reads_agreeing';
  for (const name in record.frames_rejected) {
    if (!REASON.test(name) || (record.frames_rejected[name] ?? -1) < 0) return 'frames_rejected';
  }
  if (!isShareOrNull(vehicle.confidence)) return 'vehicle.confidence';
  if (motion.dwell_ms < 0) return 'motion.dwell_ms';
  if (motion.path.length > 32) return 'motion.path';
  if (motion.crossings && !(motion.crossings.length <= 32 && motion.crossings.every(isCrossing)))
    return 'motion.crossings';
  if (motion.zones && !(motion.zones.length <= 32 && motion.zones.every(isStay))) return 'motion.zones';
  if (images && !(isPicture(images.plate) && isPicture(images.vehicle) && isPicture(images.frame))) return 'images';
  if (processing.detect_ms < 0 || processing.read_ms < 0) return 'processing';
  if (processing.shadow && !(processing.shadow.text.length <= 24 && isShare(processing.shadow.confidence)))
    return 'processing.shadow';
  if (review) return findReviewMisfit(review) ?? findPlateMisfit(plate);
  return findPlateMisfit(plate);
}

function findReviewMisfit({ at, by_id, action, into, of }: NonNullable<WireRecord['review']>): string | undefined {
  if (!isTime(at)) return 'review.at';
  if (by_id !== null && by_id.length > 64) return 'review.by_id';
  if (action !== null && !ACTIONS.has(action)) return 'review.action';
  if (into !== null && !UUID_7.test(into)) return 'review.into';
  if (of !== null && of < 1) return 'review.of';
  return undefined;
}

function findPlateMisfit(plate: WireRecord['plate']): string | undefined {
  if (plate.text_raw.length > 24) return 'plate.text_raw';
  if (plate.text_normalized.length > 24) return 'plate.text_normalized';
  if (!isShare(plate.confidence)) return 'plate.confidence';
  if (plate.chars.length > 24) return 'plate.chars';
  for (const char of plate.chars) {
    if (!isChar(char) || char.alt.length > 8 || !char.alt.every(isChar)) return 'plate.chars';
  }
  if (plate.candidates.length > 10) return 'plate.candidates';
  for (const { text, p } of plate.candidates) {
    if (text.length > 24 || !isShare(p)) return 'plate.candidates';
  }
  if (plate.region !== null && plate.region.length > 16) return 'plate.region';
  if (!isShareOrNull(plate.region_confidence)) return 'plate.region_confidence';
  if (plate.lines < 1 || plate.lines > 3) return 'plate.lines';
  if (plate.char_height_px < 0) return 'plate.char_height_px';
  if (!isShare(plate.sharpness)) return 'plate.sharpness';
  return undefined;
}

function isCrossing({ line, direction, at }: Readonly<{ line: string; direction: string; at: number }>): boolean {
  return isPlaceName(line) && isPlaceName(direction) && isTime(at);
}

function isStay({ zone, dwell_ms: ms }: Readonly<{ zone: string; dwell_ms: number }>): boolean {
  return isPlaceName(zone) && ms >= 0;
}

function isPlaceName(text: string): boolean {
  return text !== '' && text.length <= 64;
}

function isTime(milliseconds: number): boolean {
  return milliseconds >= FIRST_MS && milliseconds <= LAST_MS;
}

function isShare(share: number): boolean {
  return share >= 0 && share <= SCALES.probability;
}

function isShareOrNull(share: number | null): boolean {
  return share === null || isShare(share);
}

function isChar({ c, p }: Readonly<{ c: string; p: number }>): boolean {
  return c.length <= 1 && isShare(p);
}

function isPicture({ w, h }: Readonly<{ w: number; h: number }>): boolean {
  return w > 0 && h > 0;
}
