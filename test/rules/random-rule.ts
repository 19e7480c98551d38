import fc from 'fast-check';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { type RuleInput, ruleSchema } from '../../src/contract/rule.ts';
import type { ListEntry } from '../../src/rules/entries.ts';
import { makeEvent } from '../store/make-event.ts';
import { SIGNS, ZONE } from './naive-match.ts';

const BEGIN = Date.parse('2026-03-06T12:00:00.000Z');
const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 });
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 2 });
const text = (minLength: number, maxLength = 4) =>
  fc.array(fc.constantFrom(...SIGNS), { minLength, maxLength }).map((signs) => signs.join(''));
const pattern = fc
  .array(fc.constantFrom(...SIGNS, '?', '*'), { minLength: 1, maxLength: 4 })
  .map((signs) => signs.join('').replace(/\*+/g, '*'))
  .filter((one) => /[A-Z0-9]/.test(one));
const expression = fc
  .array(fc.constantFrom('A', 'B', '[AB]', '8?', '.', '(?:0|O)+', '\\d', '[^A]*'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
const list = fc.constantFrom('staff', 'guests', 'wanted');
const tag = fc.constantFrom('red', 'vip');
const camera = fc.constantFrom('north', 'south', 'yard');
const site = fc.constantFrom('home', 'depot');
const share = fc.integer({ min: 1, max: 100 }).map((hundredths) => hundredths / 100);
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '30'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
const date = fc.integer({ min: 5, max: 8 }).map((day) => `2026-03-0${day}`);

const schedule = fc.record(
  {
    time_zone: fc.constant(ZONE),
    days: some(fc.constantFrom('fri' as const, 'sat' as const, 'sun' as const, 'mon' as const)),
    from: clock,
    to: clock,
    holidays: fc.record({
      dates: some(date),
      count_as: fc.constantFrom('never' as const, 'only' as const, 'sat' as const, 'sun' as const),
    }),
  },
  { requiredKeys: ['time_zone'] },
);

const match: fc.Arbitrary<RuleInput['match']> = fc.oneof(
  fc.record({ exact: some(text(1)) }),
  fc.record({ prefix: some(text(1, 3)) }),
  fc.record({ suffix: some(text(1, 3)) }),
  fc.record({ contains: some(text(1, 3)) }),
  fc.record({ wildcard: some(pattern) }),
  fc.record({ regex: expression }),
  fc.record({ list: some(list) }),
  fc.record({ tag: some(tag) }),
  fc.record({ not_on: some(list) }),
  fc.record({ look_alike: some(text(1)) }),
  fc.record({ likelihood: fc.record({ of: some(text(1)), at_least: share }) }),
  fc.record({ likelihood: fc.record({ list: some(list), at_least: share }) }),
  fc.record({ every_passage: fc.constant(true as const) }),
);

const fields = {
  camera: some(camera),
  site: some(site),
  direction: some(fc.constantFrom('in', 'out')),
  line: some(fc.constantFrom('gate', 'kerb')),
  zone: some(fc.constantFrom('bay', 'ramp')),
  vehicle: some(fc.constantFrom('car', 'truck')),
  region: some(fc.constantFrom('DE', 'FR')),
  confidence: fc.record({ at_least: share, below: share }, { requiredKeys: [] }),
  schedule,
  stationary: fc.record(
    { at_least: fc.constantFrom('10s', '5m'), zone: fc.constantFrom('bay', 'ramp') },
    { requiredKeys: ['at_least'] },
  ),
};

type When = NonNullable<RuleInput['when']>;

/** One or two fields of each, so that some conditions hold. */
const few = (all: fc.Arbitrary<When>): fc.Arbitrary<When> =>
  fc.tuple(all, fc.nat()).map(([one, seed]) =>
    Object.fromEntries(
      Object.entries(one)
        .toSorted(([a], [b]) => order(a, seed) - order(b, seed))
        .slice(0, 2),
    ),
  );
const order = (name: string, seed: number) => ((name.charCodeAt(0) * 31 + name.length) * (seed % 97)) % 101;
const nest = (inner: fc.Arbitrary<When>): fc.Arbitrary<When> => {
  const several = fc.array(inner, { minLength: 1, maxLength: 2 });
  return few(fc.record({ ...fields, all: several, any: several, not: inner }, { requiredKeys: [] }));
};
const when = nest(nest(few(fc.record(fields, { requiredKeys: [] }))));

/** Rules that ask nothing of the past, over few plates, so that many of them match. */
export const randomRules = fc
  .array(fc.tuple(match, maybe(when), fc.constantFrom('final' as const, { provisional: 0.5 }), fc.boolean()), {
    minLength: 40,
    maxLength: 40,
  })
  .map((rules) =>
    rules.map(([of, whenever, act_at, isOff], number) =>
      ruleSchema.parse({
        id: `rule-${number}`,
        name: `Rule ${number}`,
        match: of,
        act_at,
        enabled: !isOff || number % 3 > 0,
        ...(whenever && { when: whenever }),
      }),
    ),
  );

const moment = fc.integer({ min: 0, max: 3 * 24 * 4 }).map((quarters) => BEGIN + quarters * 900_000);

export const randomEntries: fc.Arbitrary<ListEntry[]> = fc.array(
  fc.record({
    list,
    pattern: fc.oneof({ weight: 3, arbitrary: text(1) }, pattern),
    name: fc.constant('Somebody'),
    note: fc.constant(''),
    group: fc.constant(''),
    tags: fc.subarray(['red', 'vip', 'other']),
    validFrom: maybe(moment),
    validUntil: maybe(moment),
    schedule: maybe(schedule),
  }),
  { maxLength: 12 },
);

const chars = (signs: string) =>
  fc.tuple(
    ...[...signs].map((c) =>
      fc.record({
        c: fc.constant(c),
        p: share,
        alt: fc.array(fc.record({ c: fc.constantFrom(...SIGNS), p: share }), { maxLength: 2 }),
      }),
    ),
  );

const crossing = fc.record({ line: fc.constantFrom('gate', 'kerb'), direction: fc.constantFrom('in', 'out') });
const stay = fc.record({ zone: fc.constantFrom('bay', 'ramp'), dwell_ms: fc.constantFrom(1000, 60_000, 600_000) });

/** Events of few plates, as readers make them: with other characters, and sometimes with whole other texts. */
export const randomEvents: fc.Arbitrary<PlateEvent[]> = fc.array(
  fc
    .record({
      plate: text(0).chain((read) =>
        fc.record({
          text: fc.constant(read),
          confidence: share,
          chars: chars(read),
          candidates: fc.array(fc.record({ text: text(1), p: share }), { maxLength: 2 }),
          region: fc.constantFrom(null, 'DE', 'FR'),
        }),
      ),
      camera,
      site,
      at: moment,
      status: fc.constantFrom('provisional' as const, 'final' as const, 'corrected' as const, 'retracted' as const),
      type: fc.constantFrom(null, 'car', 'truck'),
      crossings: fc.array(crossing, { maxLength: 2 }),
      zones: fc.array(stay, { maxLength: 2 }),
      stationary: fc.boolean(),
      dwell_ms: fc.constantFrom(1000, 60_000, 600_000),
    })
    .map(({ plate, camera: at_camera, site: at_site, at, status, type, crossings, ...motion }) => {
      const event = makeEvent({ text: plate.text, camera: at_camera, at, status, confidence: plate.confidence });
      const { text: _text, ...read } = plate;
      return {
        ...event,
        site_id: at_site,
        plate: { ...event.plate, ...read },
        vehicle: { ...event.vehicle, type },
        motion: {
          ...event.motion,
          ...motion,
          crossings: crossings.map((one) => ({ ...one, at: event.detected_at })),
        },
      };
    }),
  { minLength: 20, maxLength: 20 },
);
