import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { type RuleInput, ruleSchema } from '../../src/contract/rule.ts';
import { type Decision, decide } from '../../src/rules/decide.ts';
import { Lookup } from '../../src/rules/lookup.ts';
import { findOverstays } from '../../src/rules/overdue.ts';
import { compileRules } from '../../src/rules/rule-book.ts';
import { tidyPassages } from '../../src/store/alerts/history.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from '../store/make-event.ts';
import { THOROUGH } from '../thorough.ts';
import { heldNaively } from './naive-past.ts';

const BEGIN = Date.parse('2026-03-06T12:00:00.000Z');
const LATER = BEGIN + 86_400_000;
const MINUTE = 60_000;
const RUNS = THOROUGH ? 40 : 10;

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(clear);

async function clear(): Promise<void> {
  await database.sql.query('TRUNCATE plate_events, event_revisions, alert_passages, plate_lists CASCADE');
}

function makeRule(rule: Omit<RuleInput, 'name'>) {
  return ruleSchema.parse({ name: rule.id, match: { every_passage: true }, ...rule });
}

type Passing = Readonly<{
  minute: number;
  text?: string;
  camera?: string;
  site?: string;
  directions?: readonly string[];
}>;

function makePassing({ minute, text = 'AA1', camera = 'a', site = 'home', directions = [] }: Passing): PlateEvent {
  const event = makeEvent({ at: BEGIN + minute * MINUTE, text, camera });
  const crossings = directions.map((direction) => ({ line: 'gate', direction, at: event.detected_at }));
  return { ...event, site_id: site, motion: { ...event.motion, crossings } };
}

function idsOf(decisions: readonly Decision[]): Record<string, string[]> {
  return Object.fromEntries(
    decisions.map(({ event, matches }) => [event.event_id, matches.map(({ rule }) => rule.id)]),
  );
}

const RULES = [
  makeRule({ id: 'new', when: { not_seen_for: '10m' } }),
  makeRule({ id: 'third', when: { count: { at_least: 3, within: '20m' } } }),
  makeRule({ id: 'again-here', when: { count: { at_least: 2, within: '20m', same: 'camera' } } }),
  makeRule({ id: 'after-a', when: { after: { camera: 'a', within: '10m' } } }),
  makeRule({ id: 'after-in', when: { after: { site: 'depot', direction: 'in', within: '30m' } } }),
  makeRule({ id: 'cloned', when: { too_soon_after: { site: ['home', 'depot'], sooner_than: '5m' } } }),
  makeRule({ id: 'overstay', when: { visit: { longer_than: '15m' } } }),
  makeRule({
    id: 'either',
    when: { any: [{ count: { at_least: 4, within: '1h' } }, { not: { not_seen_for: '2m' } }] },
  }),
];

/** One to three revisions of each of up to eight passages of two plates within half an hour. */
const randomPassages = fc.array(
  fc.record({
    minute: fc.nat({ max: 30 }),
    camera: fc.constantFrom('a', 'b'),
    site: fc.constantFrom('home', 'depot'),
    directions: fc.subarray(['in', 'out']),
    texts: fc.array(fc.constantFrom('AA1', 'BB2', ''), { minLength: 1, maxLength: 3 }),
    isRetracted: fc.boolean(),
  }),
  { minLength: 2, maxLength: 8 },
);

/** What happens, each with a seed for what it happens to. */
const randomCourse = fc.array(
  fc.record({ what: fc.constantFrom('ingest', 'deliver', 'deliver again', 'tidy'), seed: fc.nat() }),
  { minLength: 10, maxLength: 30 },
);

function revisionsOf(passage: typeof randomPassages extends fc.Arbitrary<(infer One)[]> ? One : never): PlateEvent[] {
  const first = makePassing({ ...passage, text: passage.texts[0] ?? '' });
  return passage.texts.map((text, index) => {
    const isLast = index === passage.texts.length - 1;
    const status = isLast && index > 0 && passage.isRetracted ? 'retracted' : 'final';
    return { ...first, revision: index + 1, status, plate: { ...first.plate, text_normalized: text } };
  });
}

function pick<T>(from: T[], seed: number, most: number): T[] {
  const start = from.length === 0 ? 0 : seed % from.length;
  return from.splice(start, 1 + (seed % most));
}

test('what is decided in the end follows from the passages alone, however late, often and in whichever order they come', async () => {
  const book = compileRules(RULES);
  let decided = 0;
  await fc.assert(
    fc.asyncProperty(randomPassages, randomCourse, fc.nat(), async (passages, course, shuffle) => {
      await clear();
      const all = passages.flatMap(revisionsOf);
      const newest = passages.map((_, index) => revisionsIn(all, passages, index));
      const toIngest = all.toSorted((a, b) => hash(a, shuffle) - hash(b, shuffle));
      const toDeliver = all.toSorted((a, b) => hash(a, shuffle + 1) - hash(b, shuffle + 1));
      const delivered: PlateEvent[] = [];
      const outcome = new Map<string, readonly string[]>();
      const deliver = async (events: PlateEvent[]) => {
        delivered.push(...events);
        const decisions = await decide({ sql: database.sql, book, events, now: LATER });
        for (const [id, rules] of Object.entries(idsOf(decisions))) outcome.set(id, rules);
      };
      for (const { what, seed } of course) {
        if (what === 'ingest') await writeEvents(database.sql, pick(toIngest, seed, 4));
        else if (what === 'deliver') await deliver(pick(toDeliver, seed, 4));
        else if (what === 'deliver again') await deliver(pick([...delivered], seed, 3));
        else await ageAndTidy();
      }
      await deliver(toDeliver.splice(0));
      const expected = newest.map((event) => [
        event.event_id,
        event.status === 'retracted'
          ? []
          : RULES.filter(({ when }) => when && heldNaively(when, event, newest, LATER)).map(({ id }) => id),
      ]);
      expect(Object.fromEntries(outcome)).toEqual(Object.fromEntries(expected));
      decided += expected.length;
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  expect(decided).toBeGreaterThan(2 * RUNS);
}, 120_000);

function revisionsIn(all: readonly PlateEvent[], passages: readonly Readonly<{ texts: string[] }>[], index: number) {
  const before = passages.slice(0, index).reduce((sum, { texts }) => sum + texts.length, 0);
  const event = all[before + (passages[index]?.texts.length ?? 0) - 1];
  if (!event) throw new Error('Expected a revision');
  return event;
}

function hash({ event_id, revision }: PlateEvent, seed: number): number {
  return (Number.parseInt(event_id.slice(-6), 16) * (2 * (seed % 1000) + 1) * revision) % 1009;
}

/** As after eleven minutes. */
async function ageAndTidy(): Promise<void> {
  await database.sql.query("UPDATE alert_passages SET noted_at = noted_at - interval '11 minutes'");
  await tidyPassages(database.sql);
}

test('a visit that nobody ended is found when it is due, until there is an alert of it', async () => {
  const book = compileRules([makeRule({ id: 'overstay', when: { visit: { longer_than: '2h' }, site: 'home' } })]);
  const [stays, leaves, elsewhere, left] = [
    makePassing({ minute: 0, text: 'AA1', directions: ['in'] }),
    makePassing({ minute: 1, text: 'BB2', directions: ['in'] }),
    makePassing({ minute: 2, text: 'CC3', directions: ['in'], site: 'depot' }),
    makePassing({ minute: 90, text: 'BB2', directions: ['out'] }),
  ];
  const { sql } = database;
  const look = async (minute: number) => idsOf(await findOverstays({ sql, book, now: BEGIN + minute * MINUTE }));
  // One is stored, the others were only seen so far.
  await writeEvents(sql, [leaves]);
  const early = await decide({ sql, book, events: [stays, leaves, elsewhere, left], now: BEGIN + 91 * MINUTE });
  expect(Object.values(idsOf(early)).flat()).toEqual([]);
  expect((await look(119))[stays.event_id] ?? []).toEqual([]);
  expect((await look(121))[stays.event_id]).toEqual(['overstay']);
  expect(Object.values(await look(200)).flat()).toEqual(['overstay']);
  await sql.query(
    `INSERT INTO alerts (alert_id, revision, status, rule_id, severity, event_id, happened_at, raised_at, alert)
     VALUES (gen_random_uuid(), 1, 'raised', 'overstay', 'warning', $1, now(), now(), '{}')`,
    [stays.event_id],
  );
  expect(await look(201)).not.toHaveProperty(stays.event_id);
});

test('vehicles at a site are those that came in last, until they are forgotten', async () => {
  const book = compileRules([makeRule({ id: 'full', when: { occupancy: { above: 1, forget_after: '1h' } } })]);
  const course: readonly (readonly [Passing, number])[] = [
    [{ minute: 0, text: 'AA1', directions: ['in'] }, 1],
    // Again without having been seen to leave.
    [{ minute: 1, text: 'AA1', directions: ['in'] }, 1],
    [{ minute: 2, text: 'BB2', directions: ['in'] }, 2],
    [{ minute: 3, text: 'CC3', directions: ['in'], site: 'depot' }, 1],
    [{ minute: 4, text: 'DD4' }, 2],
    [{ minute: 5, text: 'BB2', directions: ['in', 'out'] }, 1],
    [{ minute: 6, text: 'EE5', directions: ['out', 'in'] }, 2],
    [{ minute: 63, text: 'DD4' }, 1],
  ];
  const events = course.map(([passing]) => makePassing(passing));
  const expected = course.map(([, inside]) => (inside > 1 ? ['full'] : []));
  await writeEvents(database.sql, events.slice(0, 3));
  const first = await decide({ sql: database.sql, book, events: events.slice(0, 6) });
  const rest = await decide({ sql: database.sql, book, events: events.slice(6) });
  const found = idsOf([...first, ...rest]);
  expect(events.map(({ event_id }) => found[event_id])).toEqual(expected);
});

test('entries are looked up at the time of the passage, and those with wildcards and the names of lists again when a list has changed', async () => {
  const { sql } = database;
  const book = compileRules([makeRule({ id: 'staff', match: { list: 'staff' } })]);
  const lookup = new Lookup(sql);
  await sql.query("INSERT INTO plate_lists (id, name) VALUES ('staff', 'Staff')");
  await sql.query(
    `INSERT INTO plate_list_entries (list_id, pattern, name, valid_until)
     VALUES ('staff', 'AA1', 'Jane', $1), ('staff', 'BB2', 'Joe', NULL)`,
    [new Date(BEGIN + MINUTE)],
  );
  const find = async (passing: Passing) => {
    const [decision] = await decide({ sql, book, lookup, events: [makePassing(passing)] });
    return decision?.matches.map(({ why }) => why);
  };
  expect(await find({ minute: 0, text: 'AA1' })).toEqual(['AA1 is on the list Staff (Jane).']);
  expect(await find({ minute: 2, text: 'AA1' })).toEqual([]);
  expect(await find({ minute: 3, text: 'CC3' })).toEqual([]);
  await sql.query("INSERT INTO plate_list_entries (list_id, pattern) VALUES ('staff', 'CC?')");
  await sql.query("UPDATE plate_lists SET name = 'Our staff'");
  await sql.query('UPDATE alert_settings SET revision = revision + 1');
  expect(await find({ minute: 4, text: 'CC3' })).toEqual(['CC3 is on the list Our staff.']);
  const strangers = compileRules([makeRule({ id: 'new', match: { not_on: 'staff' }, when: { not_seen_for: '10m' } })]);
  const [decision] = await decide({ sql, book: strangers, lookup, events: [makePassing({ minute: 5, text: 'DD4' })] });
  expect(decision?.matches.map(({ why }) => why)).toEqual([
    expect.stringMatching(/^DD4 is not on the list Our staff and .+\.$/),
  ]);
});
