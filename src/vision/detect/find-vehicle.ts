import type { Box } from '../box.ts';
import type { Detection } from '../detection.ts';
import { findCentre } from '../geometry.ts';

/** Least share of a plate that must lie in the box of its vehicle. */
const LEAST_INSIDE = 0.7;
/** A plate is at most this wide in vehicle widths: a larger one lies in front of another vehicle. */
const WIDEST = 0.85;
/** Where plates sit on average in a vehicle's box, as shares of its width and height. */
const USUAL = { x: 0.5, y: 0.72 };

/** The vehicle that carries a plate: of those that contain it the one on which it sits most usually, by size and place. */
export function findVehicle(plate: Box, detections: readonly Detection[]): Detection | undefined {
  const around = detections.filter(({ class: name, box }) => name !== 'plate' && carries(box, plate));
  return around.toSorted((a, b) => rateOddity(a.box, plate) - rateOddity(b.box, plate) || b.score - a.score)[0];
}

function carries(vehicle: Box, plate: Box): boolean {
  const width = Math.min(vehicle.x1, plate.x1) - Math.max(vehicle.x0, plate.x0);
  const height = Math.min(vehicle.y1, plate.y1) - Math.max(vehicle.y0, plate.y0);
  const area = (plate.x1 - plate.x0) * (plate.y1 - plate.y0);
  const inside = Math.max(0, width) * Math.max(0, height) >= LEAST_INSIDE * area;
  return inside && plate.x1 - plate.x0 <= WIDEST * (vehicle.x1 - vehicle.x0);
}

/** Distance from the usual place in vehicle sizes, and how much larger the vehicle is than one of three plate widths. */
function rateOddity(vehicle: Box, plate: Box): number {
  const { x, y } = findCentre(plate);
  const width = vehicle.x1 - vehicle.x0;
  const height = vehicle.y1 - vehicle.y0;
  const away = Math.hypot((x - vehicle.x0) / width - USUAL.x, (y - vehicle.y0) / height - USUAL.y);
  return away + 0.25 * Math.max(0, Math.log(width / (3 * (plate.x1 - plate.x0))));
}
