import { randomBytes } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createAlertsMetrics } from '../../src/alerts/metrics.ts';
import { openRulesInForce } from '../../src/alerts/rules-in-force.ts';
import { watchRulesFile } from '../../src/alerts/watch-rules-file.ts';
import { AlprError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import type { Rule } from '../../src/contract/rule.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { parseRulesFile } from '../../src/rules/parse-rules-file.ts';
import { writeRule } from '../../src/store/alerts/rules.ts';
import { readRulesFile } from '../../src/store/alerts/settings.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { parseRules } from './plain-book.ts';

const log = createLog({ level: 'silent' });
const patient = { timeout: 15_000, interval: 50 };
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'alpr-rules-'));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Stands for what is known of a rule only when it is made ready. */
const check = ({ id, match }: Rule) => {
  if (match?.regex === '(') throw new AlprError('RULE_INVALID', `Expected match.regex of rule ${id} to be one`);
};
const refusalOf = (text: string) => {
  try {
    parseRulesFile(text, { secrets: {}, check });
    return '';
  } catch (error) {
    return error instanceof AlprError ? error.message : String(error);
  }
};

// Lines and columns are counted by hand.
test.each([
  ['rules: [', /line 1, column 9: Flow sequence/],
  ['- a\n', /line 1, column 1: expected the keys rules and channels/],
  ['', /line 1, column 1: expected the keys rules and channels; `rules: \[\]` is for none/],
  ['rule: []\n', /line 1, column 1, rule: unknown key/],
  ['rules: {}\n', /line 1, column 8, rules: expected a list/],
  [
    'rules:\n  - id: a\n    name: A\n    match: {exakt: [AB1]}\n',
    /line 4, column 13, rules\.0\.match\.exakt: unknown key/,
  ],
  ['rules:\n  - id: a\n    name: A\n', /line 2, column 5, rules\.0: expected either match or system/],
  [
    'rules:\n  - id: a\n    name: A\n    match: {exact: AB1}\n    cooldown: {for: soon}\n',
    /line 5, column 21, rules\.0\.cooldown\.for: expected a whole number and s, m, h or d/,
  ],
  [
    'rules:\n  - {id: a, name: A, match: {regex: "("}}\n',
    /line 2, column 5, rules\.0: Expected match\.regex of rule a/,
  ],
  [
    'rules:\n  - {id: a, name: A, match: {exact: A1}}\n  - {id: a, name: B, match: {exact: A1}}\n',
    /line 3, column 10, rules\.1\.id: expected an id of its own/,
  ],
  ['channels:\n  - {id: a, name: A, kind: smtp}\n', /line 2, column 5, channels\.0\.host: /],
])('An error in the file of rules names its line, column and path, and what was expected: %j', (text, message) => {
  expect(refusalOf(text)).toMatch(message);
});

test('The file is in force as soon as it changes; with an error in it the previous rules stay, and everybody can see why', async () => {
  const file = join(folder, 'rules.yaml');
  const keyFile = await openKeyFile(join(folder, 'key'));
  const telemetry = new Telemetry();
  const metrics = createAlertsMetrics(telemetry);
  const given = { sql: database.sql, log, metrics };
  const token = randomBytes(9).toString('hex');
  const line = (id: string, name: string) => `  - {id: ${id}, name: ${name}, match: {exact: AB1}, channels: [hook]}\n`;
  const channels =
    'channels:\n  - {id: hook, name: Hook, kind: webhook, url: https://example.org, token: {secret: HOOK}}\n';
  const write = async (text: string) => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  await write(`rules:\n${line('one', 'One')}${channels}`);
  await writeRule(
    database.sql,
    parseRules([{ id: 'one', name: 'Of the page', match: { exact: 'X1' } }])[0] as Rule,
    'Ann',
  );
  await using watched = await watchRulesFile({ ...given, file, secrets: { hook: token }, check, keyFile });
  await using inForce = await openRulesInForce({ ...given, compile: (rules) => rules.length });
  const names = () => [...inForce.current().rules.values()].map(({ name }) => name);
  expect(names()).toEqual(['One']);
  const [hook] = await database.sql.query<{ secrets: Buffer; channel: object; at: Date }>(
    'SELECT * FROM alert_channels',
  );
  expect(JSON.stringify(hook?.channel)).not.toContain(token);
  expect(keyFile.unseal(hook?.secrets ?? Buffer.of()).toString()).toBe(JSON.stringify({ token }));
  await write(`rules:\n${line('one', 'First')}${line('two', 'Two')}${channels}`);
  await vi.waitFor(() => expect(names()).toEqual(['First', 'Two']), patient);
  const [same] = await database.sql.query<{ at: Date }>('SELECT at FROM alert_channels');
  expect(same?.at).toEqual(hook?.at);
  await write(`rules:\n${line('three', 'Three')}  - {id: Four}\n`);
  await vi.waitFor(async () => expect((await watched.part.check()).message).toMatch(/line 3, column 10/), patient);
  expect(await readRulesFile(database.sql)).toMatchObject({ path: file, error: expect.stringContaining('line 3') });
  expect((await telemetry.format()).text).toMatch(/^alpr_alert_rules_file_faulty 1$/m);
  await inForce.refresh();
  expect(names()).toEqual(['First', 'Two']);
  await write('rules: []\n');
  await vi.waitFor(() => expect(names()).toEqual(['Of the page']), patient);
  expect(await watched.part.check()).toEqual({ ok: true });
});
