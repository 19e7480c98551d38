import type { Canvas } from './sprite.ts';

/** How a lamp shines: its strength (0–1), pixels per metre at its place, and whether it is red. */
export type Glow = Readonly<{ strength: number; metre: number; rear: boolean }>;

/** Adds the halo of a lamp, brightest in its middle, to a picture. */
export function drawGlow(canvas: Canvas, at: Readonly<{ x: number; y: number }>, glow: Glow): void {
  const radius = glow.metre * (glow.rear ? 0.28 : 0.4) + 3;
  const peak = (glow.rear ? 70 : 200) * glow.strength;
  addHalo(canvas.y, { width: canvas.width, height: canvas.height, x: at.x, y: at.y, radius, peak, high: 235 });
  if (!glow.rear) return;
  const half = {
    width: (canvas.width + 1) >> 1,
    height: (canvas.height + 1) >> 1,
    x: at.x / 2,
    y: at.y / 2,
    radius: radius / 2,
  };
  addHalo(canvas.v, { ...half, peak: 80 * glow.strength, high: 240 });
}

type Halo = Readonly<{
  width: number;
  height: number;
  x: number;
  y: number;
  radius: number;
  peak: number;
  high: number;
}>;

function addHalo(plane: Uint8Array, halo: Halo): void {
  const { width, height, x, y, radius, peak, high } = halo;
  const bottom = Math.min(height - 1, Math.floor(y + radius));
  const right = Math.min(width - 1, Math.floor(x + radius));
  for (let row = Math.max(0, Math.ceil(y - radius)); row <= bottom; row++) {
    for (let column = Math.max(0, Math.ceil(x - radius)); column <= right; column++) {
      const near = 1 - ((column - x) ** 2 + (row - y) ** 2) / (radius * radius);
      if (near <= 0) continue;
      const i = row * width + column;
      plane[i] = Math.min(high, (plane[i] ?? 0) + peak * near * near * near);
    }
  }
}
