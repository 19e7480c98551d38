import { isBeside, type Lettering } from '../relations.ts';
import type { Passage } from './passage.ts';

/** Share of its looks in which a passage is on one vehicle with another that belongs to that vehicle, too. */
const SHARED = 0.5;

/** Notes that two passages are on one vehicle in this look. */
export function noteRiders(a: Passage, b: Passage): void {
  if (!a.lastVehicle || a.lastVehicle !== b.lastVehicle) return;
  a.riders.set(b, (a.riders.get(b) ?? 0) + 1);
  b.riders.set(a, (b.riders.get(a) ?? 0) + 1);
}

/** Whether a passage is rather lettering than a plate: another text of its vehicle is more of one. */
export function isLettering(passage: Passage): boolean {
  const said = describe(passage);
  if (!said) return false;
  return [...passage.riders].some(([other, looks]) => {
    const first = other === passage || looks < SHARED * passage.hits ? undefined : describe(other);
    return first !== undefined && isBeside(said, first);
  });
}

function describe({ fused, lastBox }: Passage): Lettering | undefined {
  return fused && lastBox ? { ...fused, height: lastBox.y1 - lastBox.y0 } : undefined;
}
