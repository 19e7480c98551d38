import type { Random } from '../../../src/base/random.ts';
import { type Art, drawPlate, type PlateFonts, writeLine } from '../../../src/camera/simulator/plate-art.ts';
import { inventPlate, joinPlate, PLATE_STYLES } from '../../../src/camera/simulator/plate-text.ts';
import { drawSign, SIGN_COUNT } from './lettering.ts';

/** A plate as it is drawn, and its text as its register writes it. */
export type DrawnPlate = Readonly<{ art: Art; text: string }>;

const INK = '#15161a';
/** German districts with an umlaut, of three signs at most. */
const UMLAUT_DISTRICTS = [
  'DÜW',
  'WÜ',
  'TÜ',
  'FÜ',
  'GÖ',
  'MÜ',
  'BÜR',
  'SÜW',
  'LÖ',
  'KÖT',
  'SÄK',
  'AÖ',
  'ÖHR',
  'RÜG',
  'TÖL',
];

/** An ordinary plate of the simulated road. */
export function drawWhole(random: Random, fonts: PlateFonts): DrawnPlate {
  const plate = inventPlate(random, random.pick(PLATE_STYLES), false);
  return { art: drawPlate(plate, fonts, random.next() < 0.5), text: joinPlate(plate) };
}

/** A German plate of a district that has an umlaut. */
export function drawUmlauts(random: Random, fonts: PlateFonts): DrawnPlate {
  const rest = joinPlate(inventPlate(random, 'square', false)).replace(/^.*(?=[A-Z]{2}\d)/, '');
  const district = random.pick(UMLAUT_DISTRICTS);
  const plate = { style: 'de', lines: [`${district} ${rest.slice(0, 2)} ${rest.slice(2)}`] } as const;
  return { art: drawPlate(plate, fonts, false), text: joinPlate(plate) };
}

/** Letters, digits and letters in three lines, as on mopeds and lorries. */
export function drawThreeLines(random: Random, fonts: PlateFonts): DrawnPlate {
  const lines = [fill(random, 'AA'), fill(random, '999'), fill(random, 'AA')];
  const [width, height] = [240, 300];
  const place = { x: width / 2, room: 210, capitals: 74, ink: INK, bold: 0.012 };
  const drawn = lines.map((line, index) => writeLine(fonts.wide, line, { ...place, baseline: 95 * (index + 1) - 5 }));
  return { art: frame(width, height, drawn.join('')), text: lines.join('') };
}

/** A number in one line with two or three small letters one above the other, before or behind it. */
export function drawStacked(random: Random, fonts: PlateFonts): DrawnPlate {
  const [width, height] = [460, 110];
  const small = fill(random, random.pick(['AA', 'AA', 'AAA']));
  const large = fill(random, random.pick(['99999', '999A9', '9999']));
  const isBefore = random.next() < 0.5;
  const step = 92 / small.length;
  const stack = [...small].map((char, index) =>
    writeLine(fonts.wide, char, {
      x: isBefore ? 38 : width - 38,
      room: 40,
      capitals: 0.82 * step,
      baseline: 8 + step * (index + 1) - 0.08 * step,
      ink: INK,
      bold: 0.012,
    }),
  );
  const line = writeLine(fonts.wide, large, {
    x: width / 2 + (isBefore ? 28 : -28),
    room: 350,
    capitals: 76,
    baseline: 93,
    ink: INK,
    bold: 0.012,
  });
  return { art: frame(width, height, stack.join('') + line), text: isBefore ? small + large : large + small };
}

/** Digits with characters of a script that the reader does not know, before them or above them. Nobody can say the whole. */
export function drawUnknownScript(random: Random, fonts: PlateFonts): DrawnPlate {
  const number = fill(random, random.pick(['99A9999', '9999', '99 9999', 'A99999']));
  const sign = (x: number, y: number, size: number) => drawSign(random.below(SIGN_COUNT), { x, y, size, ink: INK });
  const place = { ink: INK, bold: 0.012 };
  if (random.next() < 0.5) {
    const line = writeLine(fonts.wide, number, { ...place, x: 300, room: 360, capitals: 76, baseline: 93 });
    return { art: frame(500, 110, sign(20, 14, 80) + line), text: '' };
  }
  const line = writeLine(fonts.wide, number, { ...place, x: 165, room: 300, capitals: 84, baseline: 155 });
  return { art: frame(330, 165, sign(80, 8, 52) + sign(150, 8, 52) + line), text: '' };
}

function fill(random: Random, pattern: string): string {
  return pattern.replaceAll(/[A9]/g, (mark) => random.pick(mark === 'A' ? 'ACEFHJKLMNPRTUVWXY' : '34679'));
}

function frame(width: number, height: number, drawn: string): Art {
  const rect = (inset: number, fill: string) =>
    `<rect x="${inset}" y="${inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" rx="8" fill="${fill}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${rect(0, INK)}${rect(2.5, '#f4f4f0')}${drawn}</svg>`;
  return { svg, width: width / 1000, height: height / 1000 };
}
