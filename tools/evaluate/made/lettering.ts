import { readFont } from '../../../src/camera/simulator/font.ts';
import { type PlateFonts, writeLine } from '../../../src/camera/simulator/plate-art.ts';

type Font = PlateFonts['wide'];

/** The simulated road's fonts, with umlauts. */
export async function readFonts(): Promise<PlateFonts> {
  const file = (name: string) =>
    readFont(new URL(`../../../src/camera/simulator/fonts/${name}`, import.meta.url)).then(addUmlauts);
  const [condensed, wide] = await Promise.all([file('D-DINCondensed-Bold.ttf'), file('D-DIN-Bold.ttf')]);
  return { condensed, wide };
}

/** Two dots above a letter, in heights of a capital. */
function addUmlauts(font: Font): Font {
  const dotted = Object.entries({ Ä: 'A', Ö: 'O', Ü: 'U' }).flatMap(([umlaut, letter]) => {
    const glyph = font.get(letter);
    if (!glyph) return [];
    const dots = [0.3, 0.7].map((share) => `M${(share * glyph.advance - 0.07).toFixed(3)} -1.06v-0.14h0.14v0.14Z`);
    return [[umlaut, { path: glyph.path + dots.join(''), advance: glyph.advance }] as const];
  });
  return new Map([...font, ...dotted]);
}

/** A label with one line of text in a box of paper; `place` is its middle, sizes in pixels. */
export function drawLabel(
  font: Font,
  text: string,
  {
    x,
    y,
    width,
    height,
    paper,
    ink,
  }: Readonly<Record<'x' | 'y' | 'width' | 'height', number> & Record<'paper' | 'ink', string>>,
): string {
  const line = { x, baseline: y + 0.36 * height, capitals: 0.72 * height, room: 0.9 * width, ink, bold: 0.01 };
  const box = `x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="${height / 10}"`;
  return `<rect ${box} fill="${paper}"/>${writeLine(font, text, line)}`;
}

/** Characters of scripts that the reader does not know, each as strokes in a square of 100. */
const SIGNS: readonly string[] = [
  'M20 10V70Q18 85 8 92M50 12V80M80 8V92', // 川
  'M15 15H85V85H15ZM50 15V85M15 50H85', // 田
  'M20 30H80V62H20ZM50 8V94', // 中
  'M50 10V85M15 40V85H85V40', // 山
  'M14 18H86M50 18V84M20 50H80M8 84H92', // 王
  'M50 5V18M10 20H90M28 34H72V55H28ZM50 55V90M30 66L18 86M70 66L82 86', // 京
  'M15 20H50Q48 55 15 80M70 8V92M70 45H90', // 가
  'M15 20V70H52M70 8V92M70 45H90', // 나
  'M50 8L20 45M50 8L80 45M50 52V80M8 82H92', // 소
  'M48 20H15V65H50M80 8V92M58 45H80', // 더
];

/** How many characters {@link drawSign} knows. */
export const SIGN_COUNT = SIGNS.length;

/** A character of another script in a square whose upper left corner is `x`, `y`; millimetres. */
export function drawSign(
  index: number,
  { x, y, size, ink }: Readonly<{ x: number; y: number; size: number; ink: string }>,
): string {
  const matrix = `matrix(${size / 100} 0 0 ${size / 100} ${x} ${y})`;
  return `<path transform="${matrix}" d="${SIGNS[index % SIGNS.length]}" fill="none" stroke="${ink}" stroke-width="11"/>`;
}
