import type { Passage } from '../store/alerts/history.ts';
import type { PastCondition } from './conditions.ts';

/** What of the past one passage is judged by. */
export type Past = Readonly<{
  passage: Passage;
  /** Other passages of the same plate, the earliest first. */
  others: readonly Passage[];
  /** How many vehicles are at the site once this one has passed. */
  countInside: (condition: Inside) => number;
  now: number;
}>;

export type Inside = Extract<PastCondition, Readonly<{ kind: 'occupancy' }>>;

/**
 * What makes a condition hold, in words; undefined if it does not hold. Only the times of the passages count, and of two at the
 * same time the ids, so that the answer is the same in whichever order they became known.
 */
export function explainPast(condition: PastCondition, past: Past): string | undefined {
  const { passage, others } = past;
  if (condition.kind === 'occupancy') {
    const inside = past.countInside(condition);
    return inside > condition.above ? `${inside} vehicles are at ${passage.site}` : undefined;
  }
  if (passage.text === '') return undefined;
  const earlier = others.filter((one) => isBefore(one, passage));
  const ago = ({ at }: Passage) => passage.at - at;
  switch (condition.kind) {
    case 'not_seen_for':
      return earlier.some((one) => ago(one) < condition.ms)
        ? undefined
        : `was not seen for ${formatSpan(condition.ms)} before`;
    case 'count': {
      const { same, ms, atLeast } = condition;
      const isSame = (one: Passage) => same === 'anywhere' || one[same] === passage[same];
      const times = 1 + earlier.filter((one) => ago(one) < ms && isSame(one)).length;
      return times >= atLeast ? `passed ${times} times within ${formatSpan(ms)}` : undefined;
    }
    case 'after': {
      const found = earlier.findLast((one) => ago(one) <= condition.ms && isThere(one, condition));
      return found && `passed ${found.camera} ${formatSpan(ago(found))} before`;
    }
    case 'too_soon_after': {
      const { sites, ms } = condition;
      const found = earlier.findLast((one) => ago(one) < ms && sites.includes(one.site) && one.site !== passage.site);
      return found && `was at ${found.site} only ${formatSpan(ago(found))} before`;
    }
    case 'visit':
      return lastsTooLong(condition, past) ? `has been there for longer than ${formatSpan(condition.ms)}` : undefined;
  }
}

/** The last of the directions `in` and `out` that a vehicle took; undefined if it took neither. */
export function lastWay(
  directions: readonly string[],
  ways: Readonly<{ in: string; out: string }>,
): 'in' | 'out' | undefined {
  const last = directions.findLast((way) => way === ways.in || way === ways.out);
  return last === undefined ? undefined : last === ways.in ? 'in' : 'out';
}

/** The order of passages, which never depends on when they became known. */
export function isBefore(a: Passage, b: Passage): boolean {
  return a.at === b.at ? a.id < b.id : a.at < b.at;
}

function isThere(one: Passage, condition: Extract<PastCondition, Readonly<{ kind: 'after' }>>): boolean {
  const { cameras, sites, directions } = condition;
  return (
    (cameras?.includes(one.camera) ?? true) &&
    (sites?.includes(one.site) ?? true) &&
    (directions?.some((way) => one.directions.includes(way)) ?? true)
  );
}

/** Whatever it crosses next ends a visit: where it comes in again, nobody saw it leave. */
function lastsTooLong(
  condition: Extract<PastCondition, Readonly<{ kind: 'visit' }>>,
  { passage, others, now }: Past,
): boolean {
  const due = passage.at + condition.ms;
  if (now < due || lastWay(passage.directions, condition) !== 'in') return false;
  return !others.some(
    (one) =>
      isBefore(passage, one) &&
      one.at <= due &&
      one.site === passage.site &&
      lastWay(one.directions, condition) !== undefined,
  );
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/** A span in its largest unit that is not less than one, such as `90 min` or `2 h`. */
function formatSpan(ms: number): string {
  const [size, unit] = UNITS.find(([one]) => ms >= 2 * one || (ms >= one && ms % one === 0)) ?? [1000, 's'];
  return `${Math.round(ms / size)} ${unit}`;
}
