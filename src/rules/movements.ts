import type { PlateEvent } from '../contract/plate-event.ts';
import type { ReadParts } from '../contract/stored-read.ts';

/** What rules ask of an event. */
export type Judged = ReadParts &
  Readonly<{
    event_id: string;
    detected_at: string;
    site_id: string;
    camera_id: string;
    plate: Pick<PlateEvent['plate'], 'region'>;
    vehicle: Pick<PlateEvent['vehicle'], 'type'>;
    motion: Pick<PlateEvent['motion'], 'stationary' | 'dwell_ms' | 'crossings' | 'zones'>;
  }>;

/** The lines that a vehicle crossed and the directions of that, first to last. */
export function crossingsOf({ motion }: Judged): NonNullable<PlateEvent['motion']['crossings']> {
  return motion.crossings ?? [];
}

/** How long a vehicle stood: in the picture as a whole, or in a zone. */
export function standingMs({ motion }: Judged, zone: string | undefined): number {
  if (!motion.stationary) return 0;
  return zone === undefined ? motion.dwell_ms : (zonesOf(motion).find((one) => one.zone === zone)?.dwell_ms ?? 0);
}

/** Whether a vehicle was in one of these zones. */
export function wasIn({ motion }: Judged, zones: readonly string[]): boolean {
  return zonesOf(motion).some(({ zone }) => zones.includes(zone));
}

function zonesOf(motion: Judged['motion']): NonNullable<PlateEvent['motion']['zones']> {
  return motion.zones ?? [];
}
