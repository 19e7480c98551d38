import { createRandom, type Random } from '../../base/random.ts';
import { FAR, LANE_WIDTH, project, type View } from './projection.ts';

type Light = Readonly<{
  sky: readonly [string, string];
  hills: string;
  grass: readonly [string, string];
  road: readonly [string, string];
  paint: string;
  leaf: string;
  wall: string;
}>;

const DAY: Light = {
  sky: ['#6fa3d6', '#dbe8ef'],
  hills: '#8ea3a5',
  grass: ['#8a9b6b', '#5d7242'],
  road: ['#8b8d8f', '#5f6163'],
  paint: '#e9e9e4',
  leaf: '#50663f',
  wall: '#b9b2a6',
};
const NIGHT: Light = {
  sky: ['#0a1022', '#2c3650'],
  hills: '#141a28',
  grass: ['#1a231b', '#222b1c'],
  road: ['#2d3037', '#414247'],
  paint: '#a9a99f',
  leaf: '#131b13',
  wall: '#26262c',
};

/** Draws the empty road as SVG, by day or by night. The same seed plants the same trees. */
export function drawScene(view: View, night: boolean, seed: number): string {
  const light = night ? NIGHT : DAY;
  const { width, height, horizon } = view;
  const random = createRandom(seed);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${gradient('sky', light.sky)}${gradient('grass', light.grass)}${gradient('road', light.road)}</defs>` +
    `<rect width="${width}" height="${horizon + 2}" fill="url(#sky)"/>${drawHills(view, light, random)}` +
    `<rect y="${horizon}" width="${width}" height="${height - horizon}" fill="url(#grass)"/>` +
    `${drawTrees(view, light, random, night)}${drawRoad(view, light)}</svg>`
  );
}

function gradient(id: string, [top, bottom]: readonly [string, string]): string {
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>`;
}

function drawHills({ width, horizon }: View, light: Light, random: Random): string {
  let path = `M0 ${horizon}`;
  for (let x = 0; x <= width; x += width / 14)
    path += `L${x.toFixed(0)} ${(horizon - horizon * random.between(0.1, 0.42)).toFixed(0)}`;
  return `<path d="${path}L${width} ${horizon}Z" fill="${light.hills}" stroke="${light.hills}" stroke-width="8" stroke-linejoin="round"/>`;
}

function drawTrees(view: View, light: Light, random: Random, night: boolean): string {
  const side = (view.lanes * LANE_WIDTH) / 2;
  let drawn = '';
  for (let z = 180; z > 16; z *= 0.86) {
    for (const sign of [-1, 1]) {
      const x = sign * (side + random.between(3.5, 9));
      const foot = project(view, { x, up: 0, z });
      const metre = view.focal / z;
      const tall = random.between(3, 6);
      drawn += `<rect x="${foot.x - metre * 0.15}" y="${foot.y - metre * 2}" width="${metre * 0.3}" height="${metre * 2}" fill="${night ? '#0d0c0a' : '#4a3d30'}"/>`;
      drawn += `<ellipse cx="${foot.x}" cy="${foot.y - metre * tall * 0.7}" rx="${metre * tall * 0.34}" ry="${metre * tall * 0.45}" fill="${light.leaf}"/>`;
      drawn += `<ellipse cx="${foot.x - metre * 0.4}" cy="${foot.y - metre * tall * 0.8}" rx="${metre * tall * 0.2}" ry="${metre * tall * 0.25}" fill="#fff" fill-opacity="${night ? 0.02 : 0.07}"/>`;
    }
  }
  return drawn;
}

function drawRoad(view: View, light: Light): string {
  const half = (view.lanes * LANE_WIDTH) / 2;
  const strip = (left: number, right: number, near: number, far: number, fill: string) => {
    const corner = (x: number, z: number) => {
      const { x: column, y } = project(view, { x, up: 0, z });
      return `${column.toFixed(1)} ${y.toFixed(1)}`;
    };
    return `<path d="M${corner(left, far)}L${corner(right, far)}L${corner(right, near)}L${corner(left, near)}Z" fill="${fill}"/>`;
  };
  let drawn =
    strip(-half - 1.2, half + 1.2, 3, 2000, light.wall) + strip(-half - 0.6, half + 0.6, 3, 2000, 'url(#road)');
  for (const edge of [-half, half]) drawn += strip(edge - 0.07, edge + 0.07, 3, 1000, light.paint);
  for (let lane = 1; lane < view.lanes; lane++) {
    const x = lane * LANE_WIDTH - half;
    for (let z = 4; z < FAR * 2; z += 9) drawn += strip(x - 0.06, x + 0.06, z, z + 3.5, light.paint);
  }
  return drawn;
}
