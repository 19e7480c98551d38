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
  return findUnfitText(event, '');
}

function findUnfitText(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const name in value) {
    const child: unknown = value[name as keyof typeof value];
    if (typeof child === 'number') continue;
    const found = findUnfitText(child, path === '' ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** PostgreSQL stores no NUL, and UTF-8 has no bytes for half a surrogate pair. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
