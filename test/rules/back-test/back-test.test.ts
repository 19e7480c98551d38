import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../src/base/random.ts';
import { type BackTestProgress, backTestProgressSchema } from '../../../src/contract/api/back-test.ts';
import type { PlateEvent } from '../../../src/contract/plate-event.ts';
import { type Rule, type RuleInput, ruleSchema } from '../../../src/contract/rule.ts';
import { backTest } from '../../../src/rules/back-test/back-test.ts';
import { decide } from '../../../src/rules/decide.ts';
import { compileRules } from '../../../src/rules/rule-book.ts';
import { writeEvents } from '../../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../../db/test-database.ts';
import { makeEvent } from '../../store/make-event.ts';

const BEGIN = Date.parse('2026-03-06T00:00:00.000Z');
const MINUTE = 60_000;
const WHOLE = { scope: undefined, from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' };

let database: TestDatabase;
let events: readonly PlateEvent[];

beforeAll(async () => {
  database = await openTestDatabase();
  const { below } = createRandom(3);
  const pick = <T>(from: readonly T[]) => from[below(from.length)] as T;
  events = Array.from({ length: 400 }, (_, index) => {
    const text = `${pick(['AB', 'A8', 'CD'])}${pick(['1', '2', '3', '4'])}${pick(['X', 'Y'])}`;
    const event = makeEvent({
      text,
      at: BEGIN + index * 7 * MINUTE,
      camera: pick(['north', 'south']),
      status: pick(['final', 'final', 'final', 'corrected', 'retracted']),
      confidence: pick([0.5, 0.9, 0.99]),
    });
    const crossings = [{ line: 'gate', direction: pick(['in', 'out']), at: event.detected_at }];
    return { ...event, motion: { ...event.motion, crossings } };
  });
  await writeEvents(database.sql, events);
  await database.sql.query("INSERT INTO plate_lists (id, name) VALUES ('staff', 'Staff')");
  await database.sql.query(
    "INSERT INTO plate_list_entries (list_id, pattern, tags) VALUES ('staff', 'AB1X', '{vip}'), ('staff', 'CD?Y', '{}')",
  );
});
afterAll(() => database[Symbol.asyncDispose]());

function makeRule(rule: Omit<RuleInput, 'id' | 'name'>): Rule {
  return ruleSchema.parse({ id: 'tried', name: 'Tried', ...rule });
}

async function tryRule(rule: Rule, more: Partial<Parameters<typeof backTest>[0]> = {}): Promise<BackTestProgress> {
  const signal = new AbortController().signal;
  let last: BackTestProgress | undefined;
  for await (const progress of backTest({ sql: database.sql, rule, ...WHOLE, signal, ...more })) last = progress;
  return backTestProgressSchema.parse(last);
}

/** The alerts that the same events make as they come. */
async function decideAll(rule: Rule): Promise<readonly Readonly<{ event: PlateEvent; p: number }>[]> {
  const book = compileRules([rule]);
  const decisions = await decide({ sql: database.sql, book, events });
  return decisions.flatMap(({ event, matches }) => matches.map(({ matched }) => ({ event, p: matched.p })));
}

const RULES: readonly (readonly [string, Omit<RuleInput, 'id' | 'name'>])[] = [
  ['exact', { match: { exact: ['AB1X', 'CD2Y'] } }],
  ['prefix, with a condition', { match: { prefix: 'AB' }, when: { camera: 'north', confidence: { at_least: 0.9 } } }],
  ['suffix', { match: { suffix: '1X' } }],
  ['contains', { match: { contains: '2' } }],
  ['wildcard', { match: { wildcard: 'A?3*' } }],
  ['regex', { match: { regex: 'A[B8][12]X' } }],
  ['regex that names no beginning', { match: { regex: 'AB1X|A8[12]Y' } }],
  ['regex whose beginning ends in what may be left out', { match: { regex: 'AB1?.[XY]' } }],
  ['list', { match: { list: 'staff' } }],
  ['tag', { match: { tag: 'vip' } }],
  ['not on', { match: { not_on: 'staff' } }],
  ['look-alike', { match: { look_alike: 'A81X' } }],
  ['likelihood', { match: { likelihood: { of: 'AB1X', at_least: 0.6 } } }],
  ['count', { match: { every_passage: true }, when: { count: { at_least: 3, within: '3h', same: 'camera' } } }],
  ['not seen', { match: { prefix: 'CD' }, when: { not_seen_for: '4h' } }],
  ['visit', { match: { every_passage: true }, when: { visit: { longer_than: '90m' } } }],
  ['occupancy', { match: { every_passage: true }, when: { occupancy: { above: 10 }, direction: 'in' } }],
];

test.for(RULES)('a rule tried on the past makes the alerts that it makes live: %s', async ([, input]) => {
  const rule = makeRule(input);
  const expected = await decideAll(rule);
  const tried = await tryRule(rule);
  expect(expected.length).toBeGreaterThan(0);
  expect(tried.alerts).toBe(expected.length);
  const newest = expected
    .toReversed()
    .slice(0, 20)
    .map(({ event }) => event.event_id);
  expect(tried.samples.map(({ event_id }) => event_id)).toEqual(newest);
  expect(tried.by_day.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(expected.length);
  // Where a rule is about some characters only, the past spreads the doubt evenly over all of them.
  const likelyFalse = expected.reduce((sum, { p }) => sum + 1 - p, 0);
  expect(Math.abs(tried.likely_false - likelyFalse)).toBeLessThan(0.001 * expected.length);
});

test('a change of a rule tells what it adds and takes away, and the cooldown how many would have been sent', async () => {
  const [rule, before] = [
    makeRule({ match: { exact: ['AB1X', 'AB2X'] } }),
    makeRule({ match: { exact: ['AB2X', 'AB3X'] } }),
  ];
  const count = (text: string) =>
    events.filter((one) => one.plate.text_normalized === text && one.status !== 'retracted').length;
  const tried = await tryRule({ ...rule, cooldown: { for: '3650d', per: 'plate' } }, { before });
  expect(tried.change).toMatchObject({ added: count('AB1X'), removed: count('AB3X') });
  expect(tried.alerts).toBe(count('AB1X') + count('AB2X'));
  expect(tried.sent).toBe(2);
});

test('only what whoever asks may see is counted', async () => {
  const rule = makeRule({ match: { prefix: 'A' } });
  const tried = await tryRule(rule, { scope: { cameras: ['north'], sites: [] } });
  expect(tried.by_camera.map(({ camera_id }) => camera_id)).toEqual(['north']);
});
