import { readFile } from 'node:fs/promises';

/** One letter: an SVG path with the baseline at y = 0 and capitals one unit high, and its width in the same unit. */
type Glyph = Readonly<{ path: string; advance: number }>;

/** The capitals and digits of a font. */
export type Font = ReadonlyMap<string, Glyph>;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const ON_CURVE = 1;
const REPEAT = 8;

type Point = { x: number; y: number; on: boolean };
/** Finds a table of the font by its tag. */
type Tables = (tag: string) => DataView;

/** Reads the outlines of a TrueType font (Apple's and Microsoft's `glyf` format, simple glyphs, `cmap` format 4). */
export async function readFont(file: URL): Promise<Font> {
  const bytes = await readFile(file);
  const tables = findTables(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const height = Math.max(
    ...readContours(tables, indexOf(tables, 'H'))
      .flat()
      .map((point) => point.y),
  );
  const glyphs = [...LETTERS].map((letter) => [letter, readGlyph(tables, indexOf(tables, letter), height)] as const);
  return new Map(glyphs);
}

function findTables(view: DataView): Tables {
  const tables = new Map<string, DataView>();
  for (let index = 0; index < view.getUint16(4); index++) {
    const at = 12 + index * 16;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(at + byte)));
    tables.set(tag, new DataView(view.buffer, view.byteOffset + view.getUint32(at + 8), view.getUint32(at + 12)));
  }
  return (tag) => {
    const table = tables.get(tag);
    if (table === undefined) throw new RangeError(`The font has no table "${tag}"`);
    return table;
  };
}

function readGlyph(tables: Tables, index: number, height: number): Glyph {
  const metrics = tables('hhea').getUint16(34);
  const advance = tables('hmtx').getUint16(Math.min(index, metrics - 1) * 4) / height;
  const path = readContours(tables, index).map((contour) => drawContour(contour, 1 / height));
  return { path: path.join(''), advance };
}

/** Index of a character's glyph, through the Unicode subtable of format 4. */
function indexOf(tables: Tables, letter: string): number {
  const cmap = tables('cmap');
  const code = letter.charCodeAt(0);
  for (let record = 0; record < cmap.getUint16(2); record++) {
    const table = cmap.getUint32(4 + record * 8 + 4);
    if (cmap.getUint16(table) !== 4) continue;
    const doubled = cmap.getUint16(table + 6);
    for (let segment = 0; segment < doubled; segment += 2) {
      const end = table + 14 + segment;
      const start = end + doubled + 2;
      if (code > cmap.getUint16(end) || code < cmap.getUint16(start)) continue;
      const delta = cmap.getUint16(start + doubled);
      const rangeAt = start + doubled * 2;
      const range = cmap.getUint16(rangeAt);
      if (range === 0) return (code + delta) & 0xffff;
      return (cmap.getUint16(rangeAt + range + (code - cmap.getUint16(start)) * 2) + delta) & 0xffff;
    }
  }
  throw new RangeError(`The font has no "${letter}"`);
}

function readContours(tables: Tables, index: number): Point[][] {
  const long = tables('head').getInt16(50) === 1;
  const offset = long ? tables('loca').getUint32(index * 4) : tables('loca').getUint16(index * 2) * 2;
  const glyf = tables('glyf');
  const contours = glyf.getInt16(offset);
  if (contours < 0) throw new RangeError(`Glyph ${index} is composed of others, which is not supported`);
  const ends = Array.from({ length: contours }, (_, contour) => glyf.getUint16(offset + 10 + contour * 2));
  let at = offset + 10 + contours * 2;
  at += 2 + glyf.getUint16(at);
  const count = (ends.at(-1) ?? -1) + 1;
  const flags: number[] = [];
  while (flags.length < count) {
    const flag = glyf.getUint8(at++);
    const times = flag & REPEAT ? glyf.getUint8(at++) + 1 : 1;
    for (let time = 0; time < times; time++) flags.push(flag);
  }
  const xs = readCoordinates(glyf, at, flags, { short: 2, same: 16 });
  const ys = readCoordinates(glyf, xs.end, flags, { short: 4, same: 32 });
  const points = flags.map((flag, point) => ({
    x: xs.values[point] ?? 0,
    y: ys.values[point] ?? 0,
    on: (flag & ON_CURVE) > 0,
  }));
  return ends.map((end, contour) => points.slice((ends[contour - 1] ?? -1) + 1, end + 1));
}

function readCoordinates(glyf: DataView, from: number, flags: readonly number[], bit: { short: number; same: number }) {
  let at = from;
  let value = 0;
  const values = flags.map((flag) => {
    if (flag & bit.short) value += flag & bit.same ? glyf.getUint8(at++) : -glyf.getUint8(at++);
    else if (!(flag & bit.same)) {
      value += glyf.getInt16(at);
      at += 2;
    }
    return value;
  });
  return { values, end: at };
}

/** Between two consecutive control points lies a point of the curve, half-way. */
function drawContour(contour: readonly Point[], scale: number): string {
  const points = contour.flatMap((point, index) => {
    const next = contour[(index + 1) % contour.length] ?? point;
    if (point.on || next.on) return [point];
    return [point, { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2, on: true }];
  });
  const first = points.findIndex((point) => point.on);
  const turned = [...points.slice(first), ...points.slice(0, first + 1)];
  const write = (point: Point) => `${(point.x * scale).toFixed(4)} ${(-point.y * scale).toFixed(4)}`;
  const steps = turned.map((point, index) => {
    if (index === 0) return `M${write(point)}`;
    if (!point.on) return `Q${write(point)} `;
    return turned[index - 1]?.on ? `L${write(point)}` : write(point);
  });
  return `${steps.join('')}Z`;
}
