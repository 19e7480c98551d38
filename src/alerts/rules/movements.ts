import type { PlateEvent } from '../../contract/plate-event.ts';

/** The lines that a vehicle crossed and the directions of that, first to last. */
export function crossingsOf({ motion }: PlateEvent): NonNullable<PlateEvent['motion']['crossings']> {
  return motion.crossings ?? [];
}

/** How long a vehicle stood: in the picture as a whole, or in a zone. */
export function standingMs({ motion }: PlateEvent, zone: string | undefined): number {
  if (!motion.stationary) return 0;
  return zone === undefined ? motion.dwell_ms : (zonesOf(motion).find((one) => one.zone === zone)?.dwell_ms ?? 0);
}

/** Whether a vehicle was in one of these zones. */
export function wasIn({ motion }: PlateEvent, zones: readonly string[]): boolean {
  return zonesOf(motion).some(({ zone }) => zones.includes(zone));
}

function zonesOf(motion: PlateEvent['motion']): NonNullable<PlateEvent['motion']['zones']> {
  return motion.zones ?? [];
}
