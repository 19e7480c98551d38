import type { PlateEvent } from '../../contract/plate-event.ts';
import { foldPlate, listOtherTexts, normalizePlate } from '../../contract/plate-text.ts';
import { isPlausible } from '../../contract/plausible-time.ts';
import { listDeletions } from '../near-texts.ts';
import { packRead } from '../packed-read.ts';

/** The document that is indexed for an event. */
export function documentOf(event: PlateEvent, indexedAt: string) {
  const { plate, vehicle, motion } = event;
  const text = normalizePlate(plate.text_normalized);
  const folded = foldPlate(text);
  return {
    event_id: idOf(event),
    revision: event.revision,
    status: event.status,
    detected_at: event.detected_at,
    indexed_at: indexedAt,
    hour: event.detected_at.slice(11, 13),
    site: event.site_id,
    camera: event.camera_id,
    region: plate.region,
    vehicle: vehicle.type,
    direction: motion.crossings?.map(({ direction }) => direction) ?? [],
    zone: motion.zones?.map(({ zone }) => zone) ?? [],
    confidence: plate.confidence,
    text,
    parts: text,
    reversed: [...text].reverse().join(''),
    folded,
    near: listDeletions(folded),
    read: Buffer.from(packRead(plate)).toString('base64'),
    candidates: listOtherTexts(plate),
    event,
  };
}

/** The id of the document: the event's, so that its revisions replace each other. */
export function idOf(event: PlateEvent): string {
  return event.event_id.toLowerCase();
}

/** The month in which all events of impossible times are: each in a month of its own would be more indices than a cluster bears. */
export const NO_MONTH = '0000.00';

/** The month of an event, `2026.05`: it never changes, as detected_at is the same in every revision. */
export function monthOf({ detected_at: at }: Pick<PlateEvent, 'detected_at'>): string {
  return isPlausible(at, Date.now()) ? at.slice(0, 7).replace('-', '.') : NO_MONTH;
}
