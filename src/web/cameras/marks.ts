/** A point of the picture in shares of its width and height. */
export type Point = readonly [x: number, y: number];

/** A line, a zone or a masked area as it is drawn; `key` stays while it is changed. */
export type Mark = Readonly<{
  key: number;
  kind: 'line' | 'zone' | 'mask';
  id: string;
  points: readonly Point[];
  directions: readonly [string, string];
}>;

type Settings = Readonly<Record<string, unknown>>;
type Drawn = Readonly<{
  id: string;
  points?: readonly Point[];
  area?: readonly Point[];
  directions?: Mark['directions'];
}>;

/** What is drawn of a kind when it is added. */
const FRESH: Readonly<Record<Mark['kind'], readonly Point[]>> = {
  line: [
    [0.15, 0.6],
    [0.85, 0.6],
  ],
  zone: [
    [0.3, 0.3],
    [0.7, 0.3],
    [0.7, 0.7],
    [0.3, 0.7],
  ],
  mask: [
    [0, 0],
    [0.4, 0],
    [0.4, 0.1],
    [0, 0.1],
  ],
};

/** The marks in the settings of a camera. */
export function readMarks({ lines, zones, ignore }: Settings): readonly Mark[] {
  const all = [
    ...listOf<Drawn>(lines).map((one) => ({ kind: 'line' as const, ...one })),
    ...listOf<Drawn>(zones).map(({ area, ...one }) => ({ kind: 'zone' as const, ...one, points: area })),
    ...listOf<readonly Point[]>(ignore).map((points) => ({ kind: 'mask' as const, id: '', points })),
  ];
  return all.map((one, key) => ({ directions: ['in', 'out'], ...one, key, points: one.points ?? [] }));
}

/** The settings with these marks; a kind without any is left out. */
export function writeMarks(settings: Settings, marks: readonly Mark[]): Settings {
  const { lines: _lines, zones: _zones, ignore: _ignore, ...rest } = settings;
  const of = (kind: Mark['kind']) => marks.filter((mark) => mark.kind === kind);
  const lines = of('line').map(({ id, points, directions }) => ({ id: id.trim(), points, directions }));
  const zones = of('zone').map(({ id, points }) => ({ id: id.trim(), area: points }));
  const ignore = of('mask').map(({ points }) => points);
  return {
    ...rest,
    ...(lines.length > 0 && { lines }),
    ...(zones.length > 0 && { zones }),
    ...(ignore.length > 0 && { ignore }),
  };
}

/** A new mark in the middle of the picture, with a name that no other of its kind has. */
export function createMark(kind: Mark['kind'], name: string, marks: readonly Mark[]): Mark {
  const names = new Set(marks.filter((mark) => mark.kind === kind).map(({ id }) => id));
  let number = names.size + 1;
  while (names.has(`${name} ${number}`)) number += 1;
  const key = Math.max(-1, ...marks.map((mark) => mark.key)) + 1;
  return { key, kind, id: kind === 'mask' ? '' : `${name} ${number}`, points: FRESH[kind], directions: ['in', 'out'] };
}

/** The mark with one point elsewhere, within the picture. */
export function movePoint(mark: Mark, index: number, [x, y]: Point): Mark {
  const to: Point = [within(x), within(y)];
  return { ...mark, points: mark.points.map((point, at) => (at === index ? to : point)) };
}

/** The area with another corner in the middle of its longest side. */
export function addCorner(mark: Mark): Mark {
  const sides = mark.points.map((point, at) => [point, mark.points[(at + 1) % mark.points.length] ?? point] as const);
  const lengths = sides.map(([a, b]) => Math.hypot(b[0] - a[0], b[1] - a[1]));
  const longest = lengths.indexOf(Math.max(...lengths));
  const [a, b] = sides[longest] ?? [];
  if (!a || !b) return mark;
  return {
    ...mark,
    points: mark.points.toSpliced(longest + 1, 0, [within((a[0] + b[0]) / 2), within((a[1] + b[1]) / 2)]),
  };
}

/** The area without its last corner; three must stay. */
export function dropCorner(mark: Mark): Mark {
  return mark.points.length > 3 ? { ...mark, points: mark.points.slice(0, -1) } : mark;
}

/** Thousandths are finer than anybody points. */
function within(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;
}

function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? value : [];
}
