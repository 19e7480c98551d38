import type { Art } from './plate-art.ts';

export type VehicleKind = 'car' | 'van' | 'truck' | 'bus';

/** What a kind of vehicle measures, metres; `plateUp` is the height of its plate's middle above the road. */
export type VehicleShape = Readonly<{ width: number; height: number; plateUp: number }>;

export const VEHICLE_SHAPES: Readonly<Record<VehicleKind, VehicleShape>> = {
  car: { width: 1.82, height: 1.48, plateUp: 0.44 },
  van: { width: 2.0, height: 2.05, plateUp: 0.5 },
  truck: { width: 2.45, height: 2.8, plateUp: 0.55 },
  bus: { width: 2.5, height: 2.75, plateUp: 0.5 },
};

export const PAINTS = [
  '#b9bdc2',
  '#2c2f36',
  '#e8e9ea',
  '#7b1f24',
  '#20406e',
  '#4c5157',
  '#2f5a45',
  '#8d99a6',
  '#a88a5a',
];

/** Lamps of one vehicle: metres from its middle and above the road. */
export type Lamp = Readonly<{ x: number; up: number }>;

/** A pair of lamps as seen from the front or the rear. */
export function findLamps(kind: VehicleKind): readonly Lamp[] {
  const { width, height } = VEHICLE_SHAPES[kind];
  const up = kind === 'car' || kind === 'van' ? height * 0.42 : 0.75;
  return [-1, 1].map((side) => ({ x: side * width * 0.385, up }));
}

/** Draws the front or the rear of a vehicle, seen from a little above, with the shadow below it. */
export function drawVehicle(kind: VehicleKind, paint: string, rear: boolean): Art {
  const { width, height } = VEHICLE_SHAPES[kind];
  const body = kind === 'car' || kind === 'van' ? drawCar : drawCoach;
  const w = width * 100;
  const h = height * 100;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-w * 0.1} 0 ${w * 1.2} ${h + 8}" preserveAspectRatio="none">${gradients(paint)}` +
    `<ellipse cx="${w / 2}" cy="${h - 3}" rx="${w * 0.58}" ry="10" fill="#000" fill-opacity="0.42" filter="url(#soft)"/>` +
    `${body({ w, h, rear, kind })}</svg>`;
  return { svg, width: width * 1.2, height: height + 0.08 };
}

type Frontage = Readonly<{ w: number; h: number; rear: boolean; kind: VehicleKind }>;

function gradients(paint: string): string {
  const stops = (values: readonly (readonly [number, string, number])[]) =>
    values
      .map(([at, colour, opacity]) => `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`)
      .join('');
  return (
    `<defs><linearGradient id="body" x1="0" y1="0" x2="0" y2="1">${stops([
      [0, '#fff', 0.34],
      [0.4, '#fff', 0.05],
      [0.75, '#000', 0.16],
      [1, '#000', 0.5],
    ])}</linearGradient>` +
    `<linearGradient id="round" x1="0" x2="1">${stops([
      [0, '#000', 0.42],
      [0.14, '#000', 0.05],
      [0.5, '#fff', 0.1],
      [0.86, '#000', 0.05],
      [1, '#000', 0.42],
    ])}</linearGradient>` +
    `<linearGradient id="glass" x1="0" y1="0" x2="0.25" y2="1">${stops([
      [0, '#b7cbd9', 1],
      [0.35, '#5f7787', 1],
      [1, '#141c24', 1],
    ])}</linearGradient>` +
    `<radialGradient id="lamp">${stops([
      [0, '#fff', 1],
      [0.5, '#e9f0f5', 1],
      [1, '#8a98a3', 1],
    ])}</radialGradient>` +
    `<radialGradient id="tail">${stops([
      [0, '#ff6a55', 1],
      [0.6, '#c81d1d', 1],
      [1, '#700d12', 1],
    ])}</radialGradient>` +
    `<filter id="soft"><feGaussianBlur stdDeviation="4"/></filter></defs><style>.p{fill:${paint}}</style>`
  );
}

/** A shape in the vehicle's paint with its shading over it. */
function painted(path: string): string {
  return `<path class="p" d="${path}"/><path fill="url(#body)" d="${path}"/><path fill="url(#round)" d="${path}"/>`;
}

function drawCar({ w, h, rear }: Frontage): string {
  const at = (x: number, y: number) => `${(x * w).toFixed(1)} ${(y * h).toFixed(1)}`;
  const cabin = `M${at(0.2, 0.06)}Q${at(0.5, -0.03)} ${at(0.8, 0.06)}L${at(0.93, 0.44)}L${at(0.07, 0.44)}Z`;
  const glass = `M${at(0.235, 0.1)}Q${at(0.5, 0.04)} ${at(0.765, 0.1)}L${at(0.87, 0.36)}Q${at(0.5, 0.41)} ${at(0.13, 0.36)}Z`;
  const hull =
    `M${at(0.09, 0.38)}Q${at(0.5, 0.33)} ${at(0.91, 0.38)}Q${at(0.985, 0.46)} ${at(0.99, 0.6)}L${at(0.985, 0.84)}` +
    `Q${at(0.97, 0.9)} ${at(0.9, 0.91)}L${at(0.1, 0.91)}Q${at(0.03, 0.9)} ${at(0.015, 0.84)}L${at(0.01, 0.6)}Q${at(0.015, 0.46)} ${at(0.09, 0.38)}Z`;
  const wheels = [0.06, 0.77].map(
    (x) => `<rect x="${x * w}" y="${h * 0.72}" width="${w * 0.17}" height="${h * 0.27}" rx="8" fill="#0d0e10"/>`,
  );
  const mirrors = [-0.01, 0.89].map(
    (x) => `<rect class="p" x="${x * w}" y="${h * 0.3}" width="${w * 0.12}" height="${h * 0.07}" rx="5"/>`,
  );
  return (
    `${wheels.join('')}${mirrors.join('')}${painted(cabin)}<path d="${glass}" fill="url(#glass)"/>${painted(hull)}` +
    `<path d="M${at(0.12, 0.41)}Q${at(0.5, 0.37)} ${at(0.88, 0.41)}L${at(0.8, 0.5)}Q${at(0.5, 0.47)} ${at(0.2, 0.5)}Z" fill="#fff" fill-opacity="0.16"/>` +
    (rear ? drawRear(w, h) : drawNose(w, h))
  );
}

function drawNose(w: number, h: number): string {
  const lamp = (x: number) =>
    `<ellipse cx="${x * w}" cy="${h * 0.58}" rx="${w * 0.1}" ry="${h * 0.052}" fill="#1a1d20"/>` +
    `<ellipse cx="${x * w}" cy="${h * 0.58}" rx="${w * 0.085}" ry="${h * 0.042}" fill="url(#lamp)"/>`;
  const bars = [0.555, 0.58, 0.605].map(
    (y) => `<rect x="${w * 0.3}" y="${h * y}" width="${w * 0.4}" height="1.4" fill="#8d949a"/>`,
  );
  return (
    `<rect x="${w * 0.28}" y="${h * 0.535}" width="${w * 0.44}" height="${h * 0.1}" rx="6" fill="#14161a"/>${bars.join('')}` +
    `<circle cx="${w / 2}" cy="${h * 0.575}" r="4.5" fill="#c9ced2"/>${lamp(0.135)}${lamp(0.865)}` +
    `<rect x="${w * 0.16}" y="${h * 0.8}" width="${w * 0.68}" height="${h * 0.07}" rx="6" fill="#17191c"/>`
  );
}

function drawRear(w: number, h: number): string {
  const lamp = (x: number) =>
    `<rect x="${x * w}" y="${h * 0.52}" width="${w * 0.17}" height="${h * 0.1}" rx="6" fill="url(#tail)"/>`;
  return (
    `${lamp(0.035)}${lamp(0.795)}<rect x="${w * 0.22}" y="${h * 0.55}" width="${w * 0.56}" height="2" fill="#000" fill-opacity="0.4"/>` +
    `<rect x="${w * 0.1}" y="${h * 0.84}" width="${w * 0.8}" height="${h * 0.06}" rx="5" fill="#17191c"/>`
  );
}

function drawCoach({ w, h, rear, kind }: Frontage): string {
  const box = `M6 14Q6 4 16 4L${w - 16} 4Q${w - 6} 4 ${w - 6} 14L${w - 2} ${h - 22}Q${w - 3} ${h - 12} ${w - 14} ${h - 12}L14 ${h - 12}Q3 ${h - 12} 2 ${h - 22}Z`;
  const wheels = [0.05, 0.79].map(
    (x) => `<rect x="${x * w}" y="${h - 45}" width="${w * 0.16}" height="42" rx="9" fill="#0d0e10"/>`,
  );
  const doors =
    rear && kind === 'truck'
      ? `<rect x="14" y="16" width="${w - 28}" height="${h - 118}" fill="#dfe2e4" fill-opacity="0.85"/><rect x="${w / 2 - 1}" y="16" width="2" height="${h - 118}" fill="#555"/>`
      : `<rect x="16" y="${h * 0.14}" width="${w - 32}" height="${h * 0.36}" rx="12" fill="url(#glass)"/>`;
  const top =
    kind === 'bus'
      ? `<rect x="${w * 0.2}" y="12" width="${w * 0.6}" height="24" rx="4" fill="#15181b"/><rect x="${w * 0.27}" y="19" width="${w * 0.46}" height="9" fill="#e8a33a"/>`
      : '';
  const lamp = (x: number) =>
    rear
      ? `<rect x="${x * w - 17}" y="${h - 84}" width="34" height="18" rx="4" fill="url(#tail)"/>`
      : `<rect x="${x * w - 22}" y="${h - 86}" width="44" height="22" rx="9" fill="url(#lamp)" stroke="#15181b" stroke-width="3"/>`;
  const grille = rear
    ? ''
    : `<rect x="${w * 0.27}" y="${h * 0.56}" width="${w * 0.46}" height="${h * 0.12}" rx="6" fill="#15181b" fill-opacity="0.85"/>`;
  return `${wheels.join('')}${painted(box)}${doors}${top}${grille}${lamp(0.12)}${lamp(0.88)}<rect x="8" y="${h - 38}" width="${w - 16}" height="20" rx="5" fill="#1a1c1f"/>`;
}
