import type { Alert } from './alert.ts';
import type { PlateEvent } from './plate-event.ts';

/** What an alert tells of a passage. */
export function describePassage(event: PlateEvent): NonNullable<Alert['passage']> {
  const { plate, images, motion } = event;
  return {
    event_id: event.event_id.toLowerCase(),
    revision: event.revision,
    status: event.status,
    detected_at: event.detected_at,
    site_id: event.site_id,
    camera_id: event.camera_id,
    camera_name: event.camera_name,
    direction: motion.crossings?.at(-1)?.direction ?? null,
    plate: plate.text_normalized,
    text: plate.text_raw,
    confidence: plate.confidence,
    region: plate.region,
    vehicle: event.vehicle.type,
    pictures: images && { plate: images.plate.key, vehicle: images.vehicle.key, frame: images.frame.key },
  };
}
