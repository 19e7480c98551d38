import { createRandom } from '../../src/base/random.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { makeEvents } from './store.ts';

const LETTERS = 'ABCDEFGHJKLMNOPRSTUVWXYZ';
const DIGITS = '0123456789';
/** How plates are numbered, L a letter and D a digit, about as often as they are seen in Europe and North America. */
const NUMBERINGS = ['LLDDLLL', 'LLDDLLL', 'LLDDDLL', 'LLLDDDD', 'DLLLDDD', 'LLLDDD', 'LLDDDD', 'LLLDDDDD', 'LDDLLL'];
/** What a character is most often taken for. */
const CONFUSED: Readonly<Record<string, string>> = {
  ...{ A: '4', B: '8', C: 'G', D: '0', E: 'F', F: 'E', G: '6', H: 'M', J: '1', K: 'X', L: '1', M: 'N', N: 'H', O: '0' },
  ...{ P: 'F', R: 'P', S: '5', T: '7', U: 'V', V: 'Y', W: 'M', X: 'K', Y: 'V', Z: '2' },
  ...{ 0: 'O', 1: 'I', 2: 'Z', 3: '8', 4: 'A', 5: 'S', 6: 'G', 7: 'T', 8: 'B', 9: '8' },
};
const MISREAD_SHARE = 0.08;
const YEAR_MS = 365 * 86_400_000;

/** One read: which plate was there, and the event that came of it. */
export type BenchRead = Readonly<{ plate: string; event: PlateEvent }>;

/**
 * Reads of a year, the same in every run: a quarter as many plates as reads, a few of them seen very often and most of them
 * once or twice; 8 % with one character taken for the one it is confused with, which then stands among its alternatives.
 */
export function* makeReads(count: number, now: number): Generator<BenchRead> {
  const { next } = createRandom(11);
  const [plain] = makeEvents(1);
  if (!plain) return;
  const plates = Math.ceil(count / 4);
  const seen = new Map<number, string>();
  for (let index = 0; index < count; index++) {
    const number = Math.floor(plates * next() ** 3);
    const plate = seen.get(number) ?? makePlate(next);
    seen.set(number, plate);
    const at = now - Math.floor(((count - index) / count) * YEAR_MS);
    yield { plate, event: makeRead(plain, { plate, at, index, next }) };
  }
}

type Job = Readonly<{ plate: string; at: number; index: number; next: () => number }>;

function makeRead(plain: PlateEvent, { plate, at, index, next }: Job): PlateEvent {
  const wrong = next() < MISREAD_SHARE ? Math.floor(next() * plate.length) : -1;
  const chars = [...plate].map((char, place) => {
    const other = CONFUSED[char] ?? 'X';
    if (place === wrong) return { c: other, p: 0.62, alt: [{ c: char, p: 0.31 }] };
    return { c: char, p: 0.98, alt: [{ c: other, p: 0.01 }] };
  });
  const text = chars.map(({ c }) => c).join('');
  const confidence = wrong < 0 ? 0.93 : 0.55;
  const doubtful = wrong < 0 ? Math.floor(next() * plate.length) : wrong;
  const second = chars.map(({ c, alt }, place) => (place === doubtful ? alt[0]?.c : c)).join('');
  const moment = new Date(at).toISOString();
  const camera = `cam-${Math.floor(next() * 200)}`;
  const stamp = at.toString(16).padStart(12, '0');
  return {
    ...plain,
    event_id: `${stamp.slice(0, 8)}-${stamp.slice(8)}-7000-8000-${index.toString(16).padStart(12, '0')}`,
    detected_at: moment,
    camera_id: camera,
    camera_name: camera,
    time: { first_seen: moment, best: moment, last_seen: moment, published: moment },
    plate: {
      ...plain.plate,
      text_raw: text,
      text_normalized: text,
      confidence,
      chars,
      candidates: [
        { text, p: confidence },
        { text: second, p: 0.3 * (1 - confidence) },
      ],
    },
  };
}

function makePlate(next: () => number): string {
  const numbering = NUMBERINGS[Math.floor(next() * NUMBERINGS.length)] ?? 'LLDDLLL';
  const pick = (from: string) => from.charAt(Math.floor(next() * from.length));
  return [...numbering].map((kind) => pick(kind === 'L' ? LETTERS : DIGITS)).join('');
}
