import { makeEvents } from '../../bench/backend/store.ts';
import { createRandom, type Random } from '../../src/base/random.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';

/** A rule as it stands in the file, and whether it is about a plate that a camera read: written anew, by hand. */
export type SoakRule = Readonly<{
  id: string;
  written: object;
  wants: (text: string, camera: string) => boolean;
  /** What its alerts of one text stand for each other as: its cooldown is longer than the soak. Undefined without one. */
  cools: (text: string) => string | undefined;
}>;

const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const CAMERAS = 12;
/** Share of passages whose early read is another plate than the final one. */
const MISREAD = 0.2;
const EARLY = 0.5;

/** The channel that all rules tell. */
export const RECEIVER = 'receiver';

/** Rules of six kinds about plates of one pool, half of them about some cameras alone, a sixth of them with a cooldown. */
export function planRules(count: number, plates: readonly string[], seed: number): readonly SoakRule[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, at) => {
    const plate = random.pick(plates);
    const camera = at % 2 === 0 ? `soak-${random.below(CAMERAS)}` : undefined;
    const [match, fits] = planMatch(at % 6, plate);
    const early = at % 3 === 0 ? { act_at: { provisional: 0.5 } } : {};
    const when = camera === undefined ? {} : { when: { camera } };
    const id = `rule-${at}`;
    const per = planCooldown(at);
    const cooldown = per === undefined ? {} : { cooldown: { for: '12h', per } };
    return {
      id,
      written: { id, name: id, match, ...when, ...early, ...cooldown, channels: [RECEIVER] },
      wants: (text, from) => fits(text) && (camera === undefined || camera === from),
      cools: (text) => (per === undefined ? undefined : per === 'rule' ? id : `${id}/${text}`),
    };
  });
}

/** Both kinds act on early reads, so that an alert that silences others may be withdrawn. */
function planCooldown(at: number): 'plate' | 'rule' | undefined {
  if (at % 12 === 0) return 'plate';
  return at % 12 === 3 ? 'rule' : undefined;
}

function planMatch(kind: number, plate: string): readonly [object, (text: string) => boolean] {
  switch (kind) {
    case 0:
      return [{ exact: plate }, (text) => text === plate];
    case 1:
      return [{ prefix: plate.slice(0, 3) }, (text) => text.slice(0, 3) === plate.slice(0, 3)];
    case 2:
      return [{ suffix: plate.slice(-3) }, (text) => text.slice(-3) === plate.slice(-3)];
    case 3:
      return [{ contains: plate.slice(1, 5) }, (text) => text.includes(plate.slice(1, 5))];
    case 4: {
      const isLike = (text: string) => text.length === plate.length && text.startsWith(plate.slice(0, 4));
      return [{ wildcard: `${plate.slice(0, 4)}???` }, isLike];
    }
    default: {
      const [head, tail] = [plate.slice(0, 2), plate.slice(-2)];
      const isLike = (text: string) => text.startsWith(head) && text.endsWith(tail) && text.length === 7;
      return [{ regex: `${head}.{3}${tail}` }, isLike];
    }
  }
}

/** Plates of seven characters. */
export function planPlates(count: number, seed: number): readonly string[] {
  const random = createRandom(seed);
  const letters = (length: number) => Array.from({ length }, () => random.pick(LETTERS)).join('');
  return Array.from({ length: count }, () => `${letters(2)}${10 + random.below(90)}${letters(3)}`);
}

/** The revisions of one passage, in order. */
export type SoakPassage = readonly PlateEvent[];

/** Passages from now on, half of them with an early read, which is sometimes another plate. */
export function planPassages(count: number, plates: readonly string[], seed: number): readonly SoakPassage[] {
  const random = createRandom(seed);
  const [made] = makeEvents(1, 1);
  if (!made) throw new Error('expected an event to copy');
  const start = Date.now();
  return Array.from({ length: count }, (_, at) => planPassage(made, { random, plates, at, moment: start + at }));
}

type Given = Readonly<{ random: Random; plates: readonly string[]; at: number; moment: number }>;

function planPassage(made: PlateEvent, { random, plates, at, moment }: Given): SoakPassage {
  const stamp = moment.toString(16).padStart(12, '0');
  const time = new Date(moment).toISOString();
  const camera = `soak-${random.below(CAMERAS)}`;
  const event = {
    ...made,
    event_id: `${stamp.slice(0, 8)}-${stamp.slice(8)}-7000-8000-${at.toString(16).padStart(12, '0')}`,
    detected_at: time,
    site_id: 'soak',
    camera_id: camera,
    camera_name: camera,
    time: { first_seen: time, best: time, last_seen: time, published: time },
  };
  const read = (revision: number, text: string, status: PlateEvent['status']): PlateEvent => {
    const chars = [...text].map((c) => ({ c, p: 0.9, alt: [] }));
    const plate = { ...made.plate, text_raw: text, text_normalized: text, confidence: 0.8, chars };
    return { ...event, revision, status, plate: { ...plate, candidates: [{ text, p: 0.8 }] } };
  };
  const text = random.pick(plates);
  if (random.next() >= EARLY) return [read(1, text, 'final')];
  const early = random.next() < MISREAD ? random.pick(plates) : text;
  return [read(1, early, 'provisional'), read(2, text, 'final')];
}
