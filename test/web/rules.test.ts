import { beforeAll, describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/base/yaml.ts';
import { ruleSchema } from '../../src/contract/rule.ts';
import { writeRule } from '../../src/store/alerts/rules.ts';
import { writeYaml } from '../../src/web/rules/write-yaml.ts';
import { createEvent } from './generated-events.ts';
import { keepPicture } from './looks.ts';
import { inspect, RealVisits } from './real-visits.ts';

const visits = new RealVisits();

/** What the page should not have done; a check that finds something is answered with 422, which the browser logs. */
const findFaults = () => visits.faults.filter((fault) => !fault.includes('status of 422'));

beforeAll(async () => {
  const { sql } = visits.back;
  await visits.publish(PAST);
  await writeRule(
    sql,
    ruleSchema.parse({
      id: 'strangers',
      name: 'Strangers at night',
      match: { not_on: 'staff' },
      when: { camera: 'gate', any: [{ region: 'de' }, { not: { count: { at_least: 3, within: '1h' } } }] },
      severity: 'critical',
    }),
    'Ada',
  );
  const watched = ruleSchema.parse({ id: 'watched', name: 'Watched', match: { exact: 'AB12CDE' } });
  await writeRule(sql, watched, 'Ada');
  const fixed = { ...watched, id: 'fixed', name: 'Of the file' };
  await sql.query(`INSERT INTO alert_rules (origin, id, rule, changed_by) VALUES ('file', 'fixed', $1, 'file')`, [
    fixed,
  ]);
  await sql.query(
    `UPDATE alert_settings SET rules_file = 'config/alert_rules.yaml', file_error = 'line 3: expected a name'`,
  );
  await writeRule(sql, ruleSchema.parse({ id: 'down', name: 'No picture', system: { camera_down: {} } }), 'Ada');
});

/** 300 reads, one every two hours, of three plates in turn: the first 150 at the gate. */
const PAST = Array.from({ length: 300 }, (_, index) =>
  createEvent({
    number: index < 150 ? 3 * index : 3 * index + 2,
    at: Date.now() - (index + 1) * 2 * 3_600_000,
    text: ['AB12CDE', 'AB34FGH', 'XY99ZZZ'][index % 3] ?? '',
  }),
);

describe('rules', () => {
  test('are told in a sentence, switched off, made from a template, and deleted', async () => {
    const page = await visits.visit('#/rules');
    await page.getByText(/^Plates not on the list staff, /).waitFor();
    expect(await page.locator('.rule-list').innerText()).toMatch(
      /Plates not on the list staff, at the camera gate and \(with a plate from de or not \(3 times within 1 hour\)\)\./,
    );
    expect(await page.getByText('A camera is down for 2 minutes.').count()).toBe(1);
    await inspect(page, 'rules');
    await page.getByLabel('“No picture” is on').click();
    await page.locator('.rule-off').waitFor();

    await page.locator('summary').click();
    await keepPicture(page, 'rules-new', 'whole');
    await page.getByRole('link', { name: 'Tell me when this plate comes' }).click();
    await page.getByLabel('Name', { exact: true }).fill('The director comes');
    expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe('the-director-comes');
    await page.getByText(/line 4, column \d+, match\.exact/).waitFor();
    await page.getByLabel('Exactly these plates').fill('ab-12, cd 34');
    await page.getByText('The plate AB12 or CD34.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'The director comes' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByLabel('“No picture” is on').waitFor();
    expect(await page.locator('.rule-list > li').count()).toBe(4);
    expect(findFaults()).toEqual([]);
  });

  test('are edited as a form and as YAML, and leaving what is unsaved is asked about', async () => {
    const page = await visits.visit('#/rules/strangers');
    const yaml = page.getByLabel('The rule as YAML');
    await yaml.waitFor();
    await page.getByLabel('Add a condition').last().selectOption('Passes several times');
    await page.getByRole('button', { name: 'Add', exact: true }).last().click();
    await page.getByLabel('At least').first().fill('7');
    expect(parseYaml(await yaml.inputValue())).toMatchObject({
      match: { not_on: ['staff'] },
      when: { camera: ['gate'], any: [{}, {}], count: { at_least: 7, within: '7d' } },
    });
    await inspect(page, 'rule');
    await yaml.fill('id: strangers\nname: Strangers\nmatch:\n  prefix: [M]\nseverity: loud\n');
    await page.getByText(/line 5, column \d+, severity/).waitFor();
    await yaml.fill('id: strangers\nname: Strangers\nmatch: { prefix: M-1 }\nquiet: { from: "22:00" }\n');
    await expect.poll(() => page.getByLabel('Begins with').inputValue()).toBe('M1');
    expect(await page.getByLabel('Send nothing in quiet hours').isChecked()).toBe(true);
    const asked: string[] = [];
    page.once('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    await page.getByRole('link', { name: 'All rules' }).click();
    await expect.poll(() => asked).toEqual([expect.stringMatching(/not saved/)]);
    expect(await page.getByLabel('Begins with').inputValue()).toBe('M1');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Strangers', exact: true }).waitFor();
    await page.getByRole('link', { name: 'All rules' }).click();
    await page.getByText('Plates that begin with M1.').waitFor();
    expect(findFaults()).toEqual([]);
  });
});

test('a rule is tried on the past, and again after each edit', async () => {
  const page = await visits.visit('#/rules/+watch');
  await page.getByLabel('Exactly these plates').fill('AB12CDE');
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  // 25 days of 12 reads, of which each third is this plate.
  await page.getByText('100 alerts', { exact: true }).waitFor();
  expect(await page.locator('.rule-facts').first().innerText()).toMatch(/3\.3 a day/);
  expect(await page.getByLabel('Alerts by camera').innerText()).toBe('gate: 50 alerts\nyard: 50 alerts');
  await page.locator('.rule-samples img').nth(2).waitFor();
  await inspect(page, 'rule-test');
  await page.getByLabel('Period').selectOption('the last 7 days');
  await page.getByText('28 alerts', { exact: true }).waitFor();
  await page.getByLabel('The rule as YAML').fill('id: down\nname: X\nmatch: { prefix: AB }\nwhen: { camera: yard }\n');
  await page.getByText('0 alerts', { exact: true }).waitFor();
  await page.getByLabel('Period').selectOption('the last 30 days');
  await page.getByText('100 alerts', { exact: true }).waitFor();
  expect(findFaults()).toEqual([]);
});

test('a change of a rule in force is held against it, on a phone too', async () => {
  const page = await visits.visit('#/rules/watched', { viewport: { width: 390, height: 844 } });
  await page.getByRole('button', { name: 'YAML' }).click();
  await page.getByLabel('The rule as YAML').fill('id: watched\nname: X\nmatch: { exact: XY99ZZZ }\n');
  await page.locator('.rule-tabs').getByRole('button', { name: 'Try it' }).click();
  await page.locator('.rule-test').getByRole('button', { name: 'Try it' }).click();
  await page.getByText('The change adds 100 and takes away 100.').waitFor();
  await inspect(page, 'rule-change');
  expect(findFaults()).toEqual([]);
});

test('rules of the file are shown with what is wrong with it, and cannot be changed', async () => {
  const page = await visits.visit('#/rules');
  await page.getByText('line 3: expected a name').waitFor();
  expect(await page.getByLabel('“Of the file” is on').isDisabled()).toBe(true);
  await page.getByRole('link', { name: 'Of the file' }).click();
  await page.getByRole('link', { name: 'Copy' }).waitFor();
  expect(await page.getByRole('button', { name: /Save|Delete/ }).count()).toBe(0);
  expect(await page.getByLabel('Exactly these plates').isDisabled()).toBe(true);
  await page.getByRole('link', { name: 'Copy' }).click();
  await page.getByLabel('Id', { exact: true }).fill('watched');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Another rule has the id watched.').waitFor();
  await page.getByLabel('Id', { exact: true }).fill('mine');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Delete' }).waitFor();
  expect(findFaults()).toEqual([]);
});

test('YAML of the page is read back as it was', () => {
  const rule = {
    id: 'a1',
    name: 'Yes: "no", #1 - all',
    note: 'Two\nlines',
    enabled: false,
    match: { exact: ['AB1', '1E5', 'NO', '007', 'ÄÖ-1', ''] },
    when: { all: [{ camera: ['gate 1'], not: { any: [{}, { count: { at_least: 3, within: '1h' } }] } }], region: [] },
    quiet: { from: '22:00', holidays: { dates: ['2026-12-25'] } },
    act_at: { provisional: 0.95 },
  };
  expect(parseYaml(writeYaml(rule))).toEqual(rule);
});
