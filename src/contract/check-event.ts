import { isImageKey } from './image-key.ts';
import type { PlateEvent } from './plate-event.ts';
import { normalizePlate } from './plate-text.ts';

/**
 * The path of the first value of a well-formed event that no store may be given; undefined for a sound one. What passes
 * here is taken by the database and by the search index alike, so that neither lacks what the other has:
 * a text with NUL or half a surrogate pair, a `text_normalized` that is not in its normal form, a picture's key that
 * leaves the store.
 */
export function findUnfit(event: PlateEvent): string | undefined {
  const { plate, images } = event;
  if (plate.text_normalized !== normalizePlate(plate.text_normalized)) return 'plate.text_normalized';
  for (const name of ['plate', 'vehicle', 'frame'] as const) {
    if (images && !isImageKey(images[name].key)) return `images.${name}.key`;
  }
  const texts = listTexts(event);
  for (const path in texts) if (!isStorable(texts[path])) return path;
  for (const { c, alt } of plate.chars) {
    if (!isStorable(c) || alt.some((other) => !isStorable(other.c))) return 'plate.chars';
  }
  return plate.candidates.some(({ text }) => !isStorable(text)) ? 'plate.candidates' : undefined;
}

/** The texts that have no narrower form; ids, times, hashes and reasons have one. */
function listTexts(event: PlateEvent): Readonly<Record<string, string | null | undefined>> {
  const { plate, processing, review } = event;
  return {
    site_id: event.site_id,
    camera_id: event.camera_id,
    camera_name: event.camera_name,
    track_id: event.track_id,
    'plate.text_raw': plate.text_raw,
    'plate.region': plate.region,
    'plate.detector_model': plate.detector_model,
    'plate.ocr_model': plate.ocr_model,
    'vehicle.type': event.vehicle.type,
    'processing.provider': processing.provider,
    'processing.version': processing.version,
    'processing.shadow.model': processing.shadow?.model,
    'processing.shadow.text': processing.shadow?.text,
    'review.by': review?.by,
    'review.by_id': review?.by_id,
    'review.text': review?.text,
    'review.reason': review?.reason,
  };
}

/** PostgreSQL stores no NUL, and UTF-8 has no bytes for half a surrogate pair. */
function isStorable(text: string | null | undefined): boolean {
  return text === null || text === undefined || (!text.includes('\0') && text.isWellFormed());
}
