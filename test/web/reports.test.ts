import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { fillSeenDays } from '../store/reports/seen-days.ts';
import { inspect, RealVisits } from './real-visits.ts';

const visits = new RealVisits();

beforeAll(() => fillSeenDays(visits.back.sql));

async function ask(page: Page, [from, to]: readonly [string, string]): Promise<void> {
  await page.getByLabel('From').fill(from);
  await page.getByLabel('To', { exact: true }).fill(to);
  await page.getByRole('button', { name: 'Show', exact: true }).press('Enter');
}

const sectionOf = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('questions over two days are charts that tell each value, tables, and files', async () => {
  const page = await visits.visit('#/reports', { timezoneId: 'Europe/Berlin', locale: 'en-GB' });
  await ask(page, ['2026-03-28', '2026-03-29']);
  const visitsOf = sectionOf(page, 'Visits and their length');
  await expect
    .poll(() => visitsOf.locator('output').allInnerTexts())
    .toEqual([
      expect.stringMatching(/29 Mar\s+Visits 4\s+Ended 1/),
      expect.stringMatching(/29 Mar\s+Median length 48\.0 h/),
    ]);
  expect(await sectionOf(page, 'Regions and vehicle classes').locator('tbody').innerText()).toMatch(
    /unknown\s+unknown\s+7\s+70%\s+Germany\s+car\s+3\s+30%/,
  );
  const button = visitsOf.getByRole('button', { name: 'As CSV' });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toBe('visits-2026-03-28-2026-03-29.csv');
  expect((await readFile(await download.path(), 'utf8')).trim().split('\r\n').slice(1)).toEqual([
    '2026-03-28,3,3,45,1380',
    '2026-03-29,4,1,2880,2880',
  ]);
  await inspect(page, 'reports-traffic');
  await page.getByRole('button', { name: 'Recognition' }).click();
  await sectionOf(page, 'Read rate').getByText('57%').first().waitFor();
  await inspect(page, 'reports-recognition');
  expect(visits.faults).toEqual([]);
});

test('top plates are asked for only where somebody looks at them, and stand in the audit', async () => {
  const page = await visits.visit('#/reports', { timezoneId: 'Europe/Berlin', name: 'Grace' });
  await ask(page, ['2026-03-28', '2026-03-29']);
  const entriesOf = async () => {
    const rows = await visits.back.sql.query<{ operation: string }>(
      `SELECT entry->>'operation' AS operation FROM audit_entries WHERE entry->'who'->>'name' = 'Grace' AND entry->>'action' = 'search'`,
    );
    return rows.map(({ operation }) => operation);
  };
  await sectionOf(page, 'Reads by day and camera').locator('output').waitFor();
  expect(await entriesOf()).toEqual([]);
  await page.getByRole('button', { name: 'Plates', exact: true }).click();
  await expect.poll(() => page.locator('.report-table tbody th').allInnerTexts()).toHaveLength(5);
  expect(await entriesOf()).toEqual(['reportTopPlates']);
  await inspect(page, 'reports-plates');
  await page.locator('.report-table a').first().click();
  await page.locator('.plate-screen').waitFor();
});

test('whoever may only see events is offered neither plates nor storage', async () => {
  const page = await visits.visit('#/reports', { permissions: ['events:read'] });
  await sectionOf(page, 'Reads by hour')
    .getByText('Nothing in this period')
    .or(page.locator('output'))
    .first()
    .waitFor();
  expect(await page.locator('.views button').allInnerTexts()).toEqual(['Traffic', 'Recognition', 'Alerts', 'Storage']);
  await page.getByRole('button', { name: 'Storage' }).click();
  expect(await page.getByRole('region').count()).toBe(1);
});

test('a browser that cannot draw shows the values as tables', async () => {
  const page = await visits.visit('#/reports', { permissions: ['events:read'] });
  // What Chromium says where the system has no language.
  await page.addInitScript("Object.defineProperty(navigator, 'language', { get: () => 'en-US@posix' })");
  await page.reload();
  await ask(page, ['2026-03-28', '2026-03-29']);
  const days = sectionOf(page, 'New and returning plates').locator('details[open] tbody tr');
  await expect.poll(() => days.count()).toBe(2);
  expect(await page.locator('canvas').count()).toBe(0);
  expect(visits.faults).toEqual([]);
});
