import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CameraStates } from '../../src/alerts/system/camera-states.ts';
import { examineSystem } from '../../src/alerts/system/examine-system.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { decide } from '../../src/rules/decide.ts';
import { parseRulesFile } from '../../src/rules/parse-rules-file.ts';
import { checkRule, compileRules } from '../../src/rules/rule-book.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { readPage } from '../docs-pages.ts';
import { makeEvent } from '../store/make-event.ts';

const PAGE = readPage('docs/alerts.md');
const [, tenRules = ''] = PAGE.match(/```yaml\n# ten rules\n(.*?)```/s) ?? [];
const secrets = { gate: `whsec_${'A'.repeat(32)}` };
const { rules } = parseRulesFile(tenRules, { secrets, check: checkRule });

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.sql.query("INSERT INTO plate_lists (id, name) VALUES ('staff', 'Staff')");
  await database.sql.query(
    "INSERT INTO plate_list_entries (list_id, pattern, name) VALUES ('staff', 'ST4FF01', 'Ann')",
  );
});
afterAll(() => database[Symbol.asyncDispose]());

const HOUR = 3_600_000;
/** A Thursday, 23:00 in Berlin. */
const NIGHT = Date.parse('2026-11-19T22:00:00Z');

type Wanted = NonNullable<Parameters<typeof makeEvent>[0]> & Readonly<{ site?: string; more?: Partial<PlateEvent> }>;
const passage = ({ site = 'home', more, ...wanted }: Wanted): PlateEvent => ({
  ...makeEvent({ at: NIGHT, ...wanted }),
  site_id: site,
  ...more,
});
const motion = (more: Partial<PlateEvent['motion']>): Partial<PlateEvent> => ({
  motion: { direction_deg: null, stationary: false, dwell_ms: 0, path: [], ...more },
});
const crossing = (direction: string) =>
  motion({ crossings: [{ line: 'door', direction, at: new Date(NIGHT).toISOString() }] });
const standing = (ms: number) => motion({ stationary: true, dwell_ms: ms, zones: [{ zone: 'loading', dwell_ms: ms }] });
const lorry = (region: string): Partial<PlateEvent> => ({
  vehicle: { detected: true, type: 'truck', confidence: 0.9 },
  plate: { ...makeEvent({ text: 'L0RRY1' }).plate, region, region_confidence: 0.9 },
});
const unclear = passage({ text: 'AB12CDF' });
const unclearPlate = {
  ...unclear.plate,
  chars: unclear.plate.chars.map((char, at) =>
    at === 6 ? { c: 'F', p: 0.6, alt: [{ c: 'E', p: 0.4 }] } : { ...char, p: 1 },
  ),
  confidence: 0.6,
  candidates: [
    { text: 'AB12CDF', p: 0.6 },
    { text: 'AB12CDE', p: 0.4 },
  ],
};

/** For each rule, passages in the order in which they come, and which of them match it. */
const CASES: Readonly<Record<string, readonly (readonly [PlateEvent, boolean])[]>> = {
  wanted: [
    [passage({ text: 'AB12CDE' }), true],
    [passage({ text: 'AB12CDF' }), false],
  ],
  'wanted-unclear': [
    [{ ...unclear, plate: unclearPlate }, true],
    [passage({ text: 'ZZ99ZZZ' }), false],
  ],
  staff: [
    [passage({ text: 'ST4FF01', camera: 'gate', more: crossing('in'), status: 'provisional', confidence: 0.95 }), true],
    [passage({ text: 'ST4FF01', camera: 'gate', more: crossing('out') }), false],
    [passage({ text: 'ZZ99ZZZ', camera: 'gate', more: crossing('in') }), false],
  ],
  'strangers-at-night': [
    [passage({ text: 'ZZ99ZZZ' }), true],
    [passage({ text: 'ZZ99ZZZ', at: NIGHT - 12 * HOUR }), false],
    [passage({ text: 'ST4FF01' }), false],
  ],
  'five-times': [1, 2, 3, 4, 5].map((day) => [
    passage({ text: 'F1VE555', at: NIGHT - 24 * HOUR * (5 - day) }),
    day === 5,
  ]),
  'first-time': [
    [passage({ text: 'NEW1111', at: NIGHT - HOUR }), true],
    [passage({ text: 'NEW1111' }), false],
  ],
  cloned: [
    [passage({ text: 'CL0NE11', site: 'south', at: NIGHT - HOUR / 6 }), false],
    [passage({ text: 'CL0NE11', site: 'north' }), true],
    [passage({ text: 'CL0NE11', site: 'north', at: NIGHT + HOUR }), false],
  ],
  waiting: [
    [passage({ text: 'WA1T111', more: standing(HOUR / 4) }), true],
    [passage({ text: 'WA1T222', more: standing(HOUR / 60) }), false],
  ],
  'foreign-lorries': [
    [passage({ text: 'L0RRY1', more: lorry('PL') }), true],
    [passage({ text: 'L0RRY1', more: lorry('DE') }), false],
  ],
};

test('There are ten rules, each with a case here, and the first example of the page is the file beside the others', () => {
  expect(rules.map(({ id }) => id).toSorted()).toEqual([...Object.keys(CASES), 'camera-down'].toSorted());
  const [, first = ''] = PAGE.match(/```yaml\n(.*?)```/s) ?? [];
  const example = readFileSync(join(import.meta.dirname, '../../examples/alert_rules.yaml'), 'utf8');
  expect(example.slice(example.indexOf('\n') + 1)).toBe(first);
  expect(parseRulesFile(example, { secrets, check: checkRule })).toMatchObject({
    rules: [{}],
    channels: [{ id: 'gate' }],
  });
});

test.each(Object.entries(CASES))('The rule %s matches what its name says, and nothing else', async (id, cases) => {
  const book = compileRules(rules.filter((rule) => rule.id === id));
  for (const [event, isMatch] of cases) {
    const decided = await decide({ sql: database.sql, book, events: [event] });
    const own = decided.find((one) => one.event.event_id === event.event_id);
    expect(own?.matches.some(({ raises }) => raises)).toBe(isMatch);
  }
});

test('The rule camera-down tells of a camera that has delivered nothing for five minutes', async () => {
  const states = new CameraStates();
  states.expect(['gate'], NIGHT);
  const down = rules.filter(({ id }) => id === 'camera-down');
  const examine = (now: number) =>
    examineSystem(down, { sql: database.sql, dataFolder: '.', cameras: states.list(now), now });
  expect(await examine(NIGHT + HOUR / 15)).toEqual([]);
  expect(await examine(NIGHT + HOUR / 10)).toMatchObject([{ subject: 'gate', since: NIGHT }]);
});

test('The rule and the channel of the README fit', () => {
  const [, text = ''] = readPage('README.md').match(/```yaml\n(rules:.*?)```/s) ?? [];
  const file = parseRulesFile(text, { secrets, check: checkRule });
  expect([file.rules.length, file.channels.length]).toEqual([1, 1]);
});
