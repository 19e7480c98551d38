import { makeEvents } from '../../../bench/backend/store.ts';
import type { Random } from '../../../src/base/random.ts';
import { drawPlate } from '../../../src/camera/simulator/plate-art.ts';
import { inventPlate, joinPlate, type PlateStyle } from '../../../src/camera/simulator/plate-text.ts';
import type { PlateEvent } from '../../../src/contract/plate-event.ts';
import { normalizePlate } from '../../../src/contract/plate-text.ts';
import { toQuad } from '../../../src/vision/geometry.ts';
import type { RgbImage } from '../../../src/vision/image.ts';
import type { Reader } from '../../../src/vision/read/reader.ts';
import type { Reading } from '../../../src/vision/read/reading.ts';
import { type PlacedPlate, varyLook } from '../../calibrate/vary-look.ts';
import { readFonts } from './lettering.ts';
import { paintOver } from './paint.ts';

/** A read as an event, and what was on the plate. */
export type TrueRead = Readonly<{ event: PlateEvent; truth: string }>;

type Seen = Readonly<{ share: number; styles: readonly PlateStyle[]; height: number; blur: number }>;

/** A busy camera with good pictures, and others that see less and worse; plates are so many pixels high at most. */
const CAMERAS: Readonly<Record<string, Seen>> = {
  main: { share: 0.55, styles: ['de', 'de', 'de', 'fr'], height: 14, blur: 1 },
  side: { share: 0.2, styles: ['de', 'gb'], height: 12, blur: 1 },
  yard: { share: 0.12, styles: ['us', 'br'], height: 24, blur: 1 },
  ramp: { share: 0.08, styles: ['gb', 'es'], height: 12, blur: 1 },
  gate: { share: 0.05, styles: ['square', 'fr'], height: 24, blur: 1.2 },
};
const GREY = 96;

/** Plates of the simulated road as five unlike cameras see them in one look each; those of which nothing is read are left out. */
export async function makeReads(reader: Reader, count: number, random: Random): Promise<readonly TrueRead[]> {
  const fonts = await readFonts();
  const events = makeEvents(count);
  const reads: TrueRead[] = [];
  for (const event of events) {
    const [name, camera] = pickCamera(random);
    const plate = inventPlate(random, random.pick(camera.styles), true);
    const { svg, width, height } = drawPlate(plate, fonts, random.next() < 0.5);
    const placed = await place(svg, {
      width: (camera.height * width) / height,
      height: camera.height,
      blur: camera.blur,
    });
    const look = await varyLook(placed, random);
    const [reading] = await reader.read([look]);
    if (!reading || reading.text === '') continue;
    reads.push({ event: toEvent(event, name, reading), truth: normalizePlate(joinPlate(plate)) });
  }
  return reads;
}

/** What was taken for what: the first place where two texts part, or their lengths. */
export function describeRead(truth: string, text: string): string {
  if (truth.length !== text.length) return `${text.length - truth.length}`;
  const at = [...truth].findIndex((char, index) => text[index] !== char);
  return `${truth[at]}${text[at]}`;
}

function pickCamera(random: Random): readonly [string, Seen] {
  const drawn = random.next();
  let below = 0;
  for (const [name, camera] of Object.entries(CAMERAS)) {
    below += camera.share;
    if (drawn < below) return [name, camera];
  }
  return random.pick(Object.entries(CAMERAS));
}

type Size = Readonly<{ width: number; height: number; blur: number }>;

async function place(svg: string, { width, height, blur }: Size): Promise<PlacedPlate> {
  const margin = Math.ceil(height / 2);
  const size = { width: Math.ceil(width) + 2 * margin, height: Math.ceil(height) + 2 * margin };
  const ground: RgbImage = { kind: 'rgb24', ...size, data: new Uint8Array(size.width * size.height * 3).fill(GREY) };
  const spot = { x: margin, y: margin, width, height };
  const image = await paintOver(ground, [{ svg, spot, blur }]);
  return { image, corners: toQuad({ x0: margin, y0: margin, x1: margin + width, y1: margin + height }) };
}

function toEvent(event: PlateEvent, camera: string, reading: Reading): PlateEvent {
  const round = (p: number) => Math.round(p * 1e5) / 1e5;
  const plate: PlateEvent['plate'] = {
    ...event.plate,
    text_raw: reading.text,
    text_normalized: normalizePlate(reading.text),
    confidence: round(reading.confidence),
    chars: reading.chars.map(([first, ...others]) => ({
      c: first?.char ?? '',
      p: round(first?.p ?? 0),
      alt: others.slice(0, 8).map(({ char, p }) => ({ c: char, p: round(p) })),
    })),
    candidates: reading.candidates.slice(0, 10).map(({ text, p }) => ({ text: normalizePlate(text), p: round(p) })),
    region: reading.region?.code ?? null,
    region_confidence: reading.region ? round(reading.region.score) : null,
    matches_format: reading.matchesFormat ?? null,
    lines: reading.lines ?? 1,
  };
  return { ...event, camera_id: camera, camera_name: camera, plate };
}
