import type { Font } from './font.ts';
import type { PlateStyle, PlateText } from './plate-text.ts';

/** A drawing in SVG, its size in metres. */
export type Art = Readonly<{ svg: string; width: number; height: number }>;

export type PlateFonts = Readonly<{ condensed: Font; wide: Font }>;

type Look = Readonly<{
  width: number;
  height: number;
  font: keyof PlateFonts;
  paper: string;
  ink: string;
  /** Height of the capitals, millimetres. */
  capitals: number;
  /** Room for the text: left, right edge, and the baseline of each line. */
  left: number;
  right: number;
  baselines: readonly number[];
  /** Extra weight of the strokes, in units of the capitals' height. */
  bold: number;
  extra: (font: Font) => string;
}>;

const BAND = (code: string) => (font: Font) =>
  `<rect x="3" y="3" width="41" height="104" rx="6" fill="#1d4ea8"/><circle cx="23" cy="33" r="12" fill="none" stroke="#f4d23c" stroke-width="3" stroke-dasharray="3 3.3"/>` +
  writeLine(font, code, { x: 23, baseline: 92, capitals: 24, room: 32, ink: '#fff', bold: 0 });

const EU = {
  width: 520,
  height: 110,
  font: 'condensed',
  paper: '#f4f4f0',
  ink: '#15161a',
  capitals: 76,
  left: 54,
  right: 508,
  baselines: [93],
  bold: 0.012,
} as const;

const LOOKS: Readonly<Record<PlateStyle, Look>> = {
  de: { ...EU, extra: BAND('D') },
  es: { ...EU, extra: BAND('E') },
  fr: {
    ...EU,
    right: 466,
    extra: (font) => `${BAND('F')(font)}<rect x="476" y="3" width="41" height="104" rx="6" fill="#1d4ea8"/>`,
  },
  gb: { ...EU, font: 'wide', capitals: 72, left: 24, right: 496, baselines: [91], extra: () => '' },
  square: {
    ...EU,
    width: 280,
    height: 200,
    capitals: 72,
    left: 20,
    right: 260,
    baselines: [89, 182],
    extra: () => '',
  },
  us: {
    width: 305,
    height: 152,
    font: 'wide',
    paper: '#f6f6f4',
    ink: '#16276b',
    capitals: 70,
    left: 16,
    right: 289,
    baselines: [116],
    bold: 0.012,
    extra: (font) =>
      writeLine(font, 'CALIFORNIA', { x: 152, baseline: 34, capitals: 19, room: 150, ink: '#b3202c', bold: 0.03 }) +
      '<circle cx="34" cy="16" r="5" fill="#cfcfca"/><circle cx="271" cy="16" r="5" fill="#cfcfca"/>',
  },
  br: {
    width: 400,
    height: 130,
    font: 'condensed',
    paper: '#f5f5f2',
    ink: '#17181c',
    capitals: 70,
    left: 22,
    right: 378,
    baselines: [115],
    bold: 0.012,
    extra: (font) =>
      '<rect x="3" y="3" width="394" height="30" rx="6" fill="#1c3f94"/>' +
      writeLine(font, 'BRASIL', { x: 200, baseline: 27, capitals: 18, room: 120, ink: '#fff', bold: 0 }),
  },
};

/** Draws a plate. British rear plates are yellow. */
export function drawPlate(text: PlateText, fonts: PlateFonts, rear: boolean): Art {
  const look = LOOKS[text.style];
  const font = fonts[look.font];
  const { width, height, ink, capitals, bold } = look;
  const paper = text.style === 'gb' && rear ? '#f2c230' : look.paper;
  const place = { x: (look.left + look.right) / 2, room: look.right - look.left, capitals, ink, bold };
  const lines = text.lines.map((line, index) =>
    writeLine(font, line, { ...place, baseline: look.baselines[index] ?? height }),
  );
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" rx="10" fill="${ink}"/>` +
    `<rect x="2.5" y="2.5" width="${width - 5}" height="${height - 5}" rx="8" fill="${paper}"/>` +
    `${look.extra(font)}${lines.join('')}</svg>`;
  return { svg, width: width / 1000, height: height / 1000 };
}

/** A line of text, centred at `x` and squeezed if it would not fit into `room`; millimetres. */
export function writeLine(
  font: Font,
  line: string,
  place: Readonly<{ x: number; baseline: number; capitals: number; room: number; ink: string; bold: number }>,
): string {
  const gap = 0.1;
  const letters = [...line].map((letter) => {
    const glyph = font.get(letter);
    return { path: glyph?.path, width: (glyph?.advance ?? 0.3) + gap };
  });
  const natural = (letters.reduce((sum, { width }) => sum + width, 0) - gap) * place.capitals;
  const squeeze = Math.min(1.1, place.room / natural);
  let x = place.x - (natural * squeeze) / 2;
  const drawn = letters.map(({ path, width }) => {
    const at = x;
    x += width * place.capitals * squeeze;
    if (!path) return '';
    const matrix = `matrix(${place.capitals * squeeze} 0 0 ${place.capitals} ${at.toFixed(2)} ${place.baseline})`;
    return `<path transform="${matrix}" d="${path}"/>`;
  });
  return `<g fill="${place.ink}" stroke="${place.ink}" stroke-width="${place.bold}" stroke-linejoin="round">${drawn.join('')}</g>`;
}
