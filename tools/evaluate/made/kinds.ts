import type { Random } from '../../../src/base/random.ts';
import type { Art, PlateFonts } from '../../../src/camera/simulator/plate-art.ts';
import type { Box } from '../../../src/vision/box.ts';
import { cropImage } from '../../../src/vision/crop.ts';
import type { RgbImage } from '../../../src/vision/image.ts';
import {
  type DrawnPlate,
  drawStacked,
  drawThreeLines,
  drawUmlauts,
  drawUnknownScript,
  drawWhole,
} from './draw-plate.ts';
import { drawLabel } from './lettering.ts';
import { paintOver, type Spot } from './paint.ts';
import type { Shown } from './show-plates.ts';

/**
 * A made picture: the text that is to be read of it (empty: none), and plates in it that are not asked for. With `only` nothing but what is
 * there counts: a part of a picture shows plates better that were too small in the whole.
 */
export type Made = Readonly<{ image: RgbImage; truth: string; others: readonly Box[]; only?: Box }>;

type Make = (given: Readonly<{ random: Random; shown: Shown; fonts: PlateFonts }>) => Promise<Made>;

/** Every kind, by its name. */
export const KINDS: Readonly<Record<string, Make>> = {
  'as it is': (given) => replacePlate(given, drawWhole),
  'cut by an edge': cutPlate,
  covered: coverPlate,
  'three lines': (given) => replacePlate(given, drawThreeLines),
  stacked: (given) => replacePlate(given, drawStacked),
  'unknown script': (given) => replacePlate(given, drawUnknownScript),
  'close-up': closeUp,
  stickers: addSticker,
  overlays: addOverlay,
  lettering: addLettering,
  umlauts: (given) => replacePlate(given, drawUmlauts),
};

/** Width of the plate that is there, by its shape, metres. */
function guessWidth({ x0, y0, x1, y1 }: Box): number {
  const aspect = (x1 - x0) / (y1 - y0);
  return aspect > 3.4 ? 0.52 : aspect > 2.5 ? 0.4 : 0.3;
}

/** Another plate in the place of the one that is there. */
async function replacePlate(
  { random, shown, fonts }: Parameters<Make>[0],
  draw: (random: Random, fonts: PlateFonts) => DrawnPlate,
): Promise<Made> {
  const { art, text } = draw(random, fonts);
  const { box, others } = shown;
  const metre = (box.x1 - box.x0) / guessWidth(box);
  const size = { width: art.width * metre, height: art.height * metre };
  const [x, y] = [(box.x0 + box.x1 - size.width) / 2, (box.y0 + box.y1 - size.height) / 2];
  const hole = grow({ x: Math.min(x, box.x0), y: Math.min(y, box.y0), width: 0, height: 0 }, box, { x, y, ...size });
  const image = await paintOver(shown.image, [
    { svg: fillWith('#26292d'), spot: hole },
    { svg: turn(art, random.between(-4, 4)), spot: enlarge({ x, y, ...size }, TURNED) },
  ]);
  return { image, truth: text, others };
}

/** The picture ends within the plate: 20 to 45 % of its width or height are beyond the edge. */
async function cutPlate({ random, shown }: Parameters<Make>[0]): Promise<Made> {
  const { box, image, text, others } = shown;
  const share = random.between(0.2, 0.45);
  const [width, height] = [share * (box.x1 - box.x0), share * (box.y1 - box.y0)];
  const kept = { x0: 0, y0: 0, x1: image.width, y1: image.height };
  const edge = random.below(4);
  if (edge === 0) kept.x0 = Math.round(box.x0 + width);
  if (edge === 1) kept.x1 = Math.round(box.x1 - width);
  if (edge === 2) kept.y0 = Math.round(box.y0 + height);
  if (edge === 3) kept.y1 = Math.round(box.y1 - height);
  const move = ({ x0, y0, x1, y1 }: Box) => ({
    x0: x0 - kept.x0,
    y0: y0 - kept.y0,
    x1: x1 - kept.x0,
    y1: y1 - kept.y0,
  });
  return { image: cropImage(image, kept), truth: text, others: others.map(move), only: move(box) };
}

/** Something dark or bright hides 20 to 45 % of the plate's width: at one end, or in the middle as a tow bar does. */
async function coverPlate({ random, shown }: Parameters<Make>[0]): Promise<Made> {
  const { box, text, others } = shown;
  const [width, height] = [box.x1 - box.x0, box.y1 - box.y0];
  const share = random.between(0.2, 0.45);
  const side = random.below(3);
  const from = side === 0 ? -0.3 : side === 1 ? 1 - share : random.between(0.2, 0.8 - share);
  const wide = side === 2 ? share : share + 0.3;
  const spot = { x: box.x0 + from * width, y: box.y0 - 0.5 * height, width: wide * width, height: 2 * height };
  const image = await paintOver(shown.image, [{ svg: fillWith(random.pick(PAINTS)), spot }]);
  return { image, truth: text, others };
}

/** A plate that fills its picture, with up to a quarter of its size around it. */
async function closeUp({ random, fonts }: Parameters<Make>[0]): Promise<Made> {
  const { art, text } = drawWhole(random, fonts);
  const margin = random.pick([0, 0.05, 0.1, 0.25]);
  const width = Math.round(random.between(160, 800));
  const height = Math.round((width * art.height) / art.width);
  const size = { width: Math.round(width * (1 + 2 * margin)), height: Math.round(height * (1 + 2 * margin)) };
  const ground = { kind: 'rgb24', ...size, data: new Uint8Array(size.width * size.height * 3).fill(70) } as const;
  const spot = enlarge({ x: width * margin, y: height * margin, width, height }, TURNED);
  const image = await paintOver(ground, [
    { svg: turn(art, random.between(-3, 3)), spot, blur: random.between(0.5, 1.5) },
  ]);
  return { image, truth: text, others: [] };
}

const STICKERS = ['2026', '1998', '8090', '0171 2671', '80', 'WM 88 12', 'NO 15', 'TEL 555 0134', 'B 4', 'ABC 90'];
const LETTERING = [
  'SCANIA',
  'KANSAS',
  'TRANSIT',
  'TAXI 4545',
  'POLICE',
  'SPRINTER',
  'VOLVO',
  'DIESEL',
  'ACTROS',
  'FH 500',
];
const OVERLAYS = [
  'CAM05',
  'CAM 12',
  'GATE 3',
  '2026 11 30',
  '12 04 55',
  'NORTH 01',
  'REC',
  'CH 01',
  'KA 5 NORTH',
  'FPS 25',
];
const PAINTS = ['#1b1c1f', '#3b3f45', '#7d7f80', '#c8c9c6', '#5b1d20', '#22344f'];

/** A label on the vehicle, smaller than its plate, beside or above it. */
async function addSticker({ random, shown, fonts }: Parameters<Make>[0]): Promise<Made> {
  const { box, text, others } = shown;
  const plate = box.x1 - box.x0;
  const width = plate * random.between(0.35, 0.8);
  const height = width * random.between(0.22, 0.4);
  const x = (box.x0 + box.x1) / 2 + plate * random.between(-1, 1);
  const y = box.y0 - plate * random.between(0.3, 1.6);
  const [paper, ink] = random
    .pick(['#f3f3ee #17181c', '#f2d232 #17181c', '#b3202c #ffffff', '#1c3f94 #ffffff'])
    .split(' ');
  const label = drawLabel(fonts.wide, random.pick(STICKERS), {
    ...HUNDRED,
    height: (100 * height) / width,
    y: (50 * height) / width,
    paper: paper ?? '',
    ink: ink ?? '',
  });
  const svg = wrap(100, (100 * height) / width, label);
  const spot = { x: x - width / 2, y: y - height / 2, width, height };
  return { image: await paintOver(shown.image, [{ svg, spot }]), truth: text, others };
}

/** Text that the camera writes into its picture, in a box or without one, at the upper or the lower edge. */
async function addOverlay({ random, shown, fonts }: Parameters<Make>[0]): Promise<Made> {
  const { image, text, others } = shown;
  const words = random.pick(OVERLAYS);
  const height = random.between(20, 48);
  const width = height * (0.7 * words.length + 0.6);
  const [paper, ink] = random.pick(['#000000 #ffffff', '#ffffff #000000', 'none #ffffff', 'none #f2d232']).split(' ');
  const ratio = (100 * height) / width;
  const label = drawLabel(fonts.wide, words, {
    ...HUNDRED,
    height: ratio,
    y: ratio / 2,
    paper: paper ?? '',
    ink: ink ?? '',
  });
  const x = random.pick([random.between(4, 40), image.width - width - random.between(4, 40)]);
  const y = random.pick([random.between(4, 24), image.height - height - random.between(4, 24)]);
  const spot = { x, y, width, height };
  return { image: await paintOver(image, [{ svg: wrap(100, ratio, label), spot, blur: 0.3 }]), truth: text, others };
}

/** A word on the bodywork, as large as a plate or larger, without a frame. */
async function addLettering({ random, shown, fonts }: Parameters<Make>[0]): Promise<Made> {
  const { box, text, others } = shown;
  const plate = box.x1 - box.x0;
  const width = plate * random.between(0.6, 1.6);
  const height = width * random.between(0.14, 0.24);
  const ratio = (100 * height) / width;
  const ink = random.pick(['#e8e9ea', '#15161a', '#c9a227', '#b3202c']);
  const label = drawLabel(fonts.wide, random.pick(LETTERING), {
    ...HUNDRED,
    height: ratio,
    y: ratio / 2,
    paper: 'none',
    ink,
  });
  const x = (box.x0 + box.x1) / 2 + plate * random.between(-0.4, 0.4);
  const y = box.y0 - plate * random.between(0.4, 1.6);
  const spot = { x: x - width / 2, y: y - height / 2, width, height };
  return { image: await paintOver(shown.image, [{ svg: wrap(100, ratio, label), spot }]), truth: text, others };
}

const HUNDRED = { x: 50, width: 100 } as const;
/** Room around a turned drawing, in shares of its size. */
const TURNED = 0.1;

function wrap(width: number, height: number, drawn: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${drawn}</svg>`;
}

function fillWith(colour: string): string {
  return wrap(100, 100, `<rect width="100" height="100" fill="${colour}"/>`);
}

/** The drawing turned by some degrees, with room around it. */
function turn({ svg, width, height }: Art, degrees: number): string {
  const [w, h] = [1000 * width, 1000 * height];
  const inner = svg.replace(/^<svg[^>]*>/, '').replace(/<\/svg>$/, '');
  const view = `${-TURNED * w} ${-TURNED * h} ${(1 + 2 * TURNED) * w} ${(1 + 2 * TURNED) * h}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}" preserveAspectRatio="none"><g transform="rotate(${degrees.toFixed(2)} ${w / 2} ${h / 2})">${inner}</g></svg>`;
}

function enlarge({ x, y, width, height }: Spot, share: number): Spot {
  return {
    x: x - share * width,
    y: y - share * height,
    width: (1 + 2 * share) * width,
    height: (1 + 2 * share) * height,
  };
}

/** What covers a box and a spot, and a little more. */
function grow(from: Spot, box: Box, spot: Spot): Spot {
  const [x1, y1] = [Math.max(box.x1, spot.x + spot.width), Math.max(box.y1, spot.y + spot.height)];
  return enlarge({ ...from, width: x1 - from.x, height: y1 - from.y }, 0.06);
}
