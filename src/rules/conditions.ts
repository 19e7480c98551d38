import { type Condition, spanMs } from '../contract/rule.ts';
import { crossingsOf, type Judged, standingMs, wasIn } from './movements.ts';
import { isScheduled } from './schedule.ts';
import type { Zones } from './zones.ts';

/** What only other passages can tell. Spans are milliseconds. */
export type PastCondition =
  | Readonly<{ kind: 'not_seen_for'; ms: number }>
  | Readonly<{ kind: 'count'; atLeast: number; ms: number; same: 'camera' | 'site' | 'anywhere' }>
  | Readonly<{
      kind: 'after';
      ms: number;
      cameras: readonly string[] | undefined;
      sites: readonly string[] | undefined;
      directions: readonly string[] | undefined;
    }>
  | Readonly<{ kind: 'too_soon_after'; ms: number; sites: readonly string[] }>
  | Readonly<{ kind: 'visit'; ms: number; in: string; out: string }>
  | Readonly<{ kind: 'occupancy'; above: number; ms: number; in: string; out: string }>;

/** A condition made ready to be asked. */
export type Test =
  | Readonly<{ is: 'event'; holds: (event: Judged, at: number) => boolean }>
  | Readonly<{ is: 'past'; past: PastCondition }>
  | Readonly<{ is: 'all' | 'any'; of: readonly Test[] }>
  | Readonly<{ is: 'not'; of: Test }>;

/** What remains to be asked of the past. */
export type Open = Exclude<Test, Readonly<{ is: 'event' }>>;

/** Makes a condition ready: what the event alone answers comes first, as it is cheaper. */
export function compileCondition(when: Condition, zones: Zones): Test {
  const tests: Test[] = [
    ...eventTests(when, zones).map((holds): Test => ({ is: 'event', holds })),
    ...(when.all ?? []).map((one) => compileCondition(one, zones)),
    ...(when.any ? [{ is: 'any' as const, of: when.any.map((one) => compileCondition(one, zones)) }] : []),
    ...(when.not ? [{ is: 'not' as const, of: compileCondition(when.not, zones) }] : []),
    ...pastConditions(when).map((past): Test => ({ is: 'past', past })),
  ];
  return tests.length === 1 && tests[0] ? tests[0] : { is: 'all', of: tests };
}

/** Answers as much as the event can; what is left of the condition where that does not settle it. `at` is its time. */
export function ask(test: Test, event: Judged, at: number): boolean | Open {
  switch (test.is) {
    case 'event':
      return test.holds(event, at);
    case 'past':
      return test;
    case 'not': {
      const answer = ask(test.of, event, at);
      return typeof answer === 'boolean' ? !answer : { is: 'not', of: answer };
    }
    default:
      return askSome(test, event, at);
  }
}

/** One false settles `all`, one true settles `any`. */
function askSome({ is, of }: Readonly<{ is: 'all' | 'any'; of: readonly Test[] }>, event: Judged, at: number) {
  const open: Open[] = [];
  for (const one of of) {
    const answer = ask(one, event, at);
    if (typeof answer !== 'boolean') open.push(answer);
    else if (answer === (is === 'any')) return answer;
  }
  if (open.length === 0) return is === 'all';
  return open.length === 1 && open[0] ? open[0] : { is, of: open };
}

/** Answers the rest from the past. `isNegated` says that the answer is wanted to be false. */
export function settle(open: Open, holds: (past: PastCondition, isNegated: boolean) => boolean): boolean {
  const go = (test: Test, isNegated: boolean): boolean => {
    switch (test.is) {
      case 'event':
        return false;
      case 'past':
        return holds(test.past, isNegated);
      case 'not':
        return !go(test.of, !isNegated);
      case 'all':
        return test.of.every((one) => go(one, isNegated));
      case 'any':
        return test.of.some((one) => go(one, isNegated));
    }
  };
  return go(open, false);
}

/** Everything that a condition asks of the past. */
export function pastsOf(test: Test): readonly PastCondition[] {
  switch (test.is) {
    case 'event':
      return [];
    case 'past':
      return [test.past];
    case 'not':
      return pastsOf(test.of);
    default:
      return test.of.flatMap(pastsOf);
  }
}

type EventTest = (event: Judged, at: number) => boolean;

function eventTests(when: Condition, zones: Zones): readonly EventTest[] {
  const { camera, site, direction, line, zone, vehicle, region, confidence, schedule, stationary } = when;
  const tests: (EventTest | undefined)[] = [
    camera && (({ camera_id }) => camera.includes(camera_id)),
    site && (({ site_id }) => site.includes(site_id)),
    // Both are of one crossing: this line, in this direction.
    (direction || line) &&
      ((event) =>
        crossingsOf(event).some(
          (one) => (direction?.includes(one.direction) ?? true) && (line?.includes(one.line) ?? true),
        )),
    zone && ((event) => wasIn(event, zone)),
    vehicle && (({ vehicle: { type } }) => type !== null && vehicle.includes(type)),
    region && (({ plate }) => plate.region !== null && region.includes(plate.region)),
    confidence &&
      (({ plate }) => plate.confidence >= (confidence.at_least ?? 0) && plate.confidence < (confidence.below ?? 2)),
    schedule && ((_event, at) => isScheduled(schedule, at, zones)),
    stationary && standsFor(spanMs(stationary.at_least), stationary.zone),
  ];
  return tests.filter((test) => test !== undefined);
}

function standsFor(ms: number, zone: string | undefined): EventTest {
  return (event) => standingMs(event, zone) >= ms;
}

function pastConditions(when: Condition): readonly PastCondition[] {
  const { not_seen_for: unseen, count, after, too_soon_after: soon, visit, occupancy } = when;
  const pasts: (PastCondition | undefined)[] = [
    unseen === undefined ? undefined : { kind: 'not_seen_for', ms: spanMs(unseen) },
    count && { kind: 'count', atLeast: count.at_least, ms: spanMs(count.within), same: count.same },
    after && {
      kind: 'after',
      ms: spanMs(after.within),
      cameras: after.camera,
      sites: after.site,
      directions: after.direction,
    },
    soon && { kind: 'too_soon_after', ms: spanMs(soon.sooner_than), sites: soon.site },
    visit && { kind: 'visit', ms: spanMs(visit.longer_than), in: visit.in, out: visit.out },
    occupancy && {
      kind: 'occupancy',
      above: occupancy.above,
      ms: spanMs(occupancy.forget_after),
      in: occupancy.in,
      out: occupancy.out,
    },
  ];
  return pasts.filter((past) => past !== undefined);
}
