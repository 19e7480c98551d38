import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Visits } from './visits.ts';

const visits = new Visits();

const last = () => visits.server.accounts.asked.findLast(({ method }) => method !== 'GET');

describe('people', () => {
  test('are added with a role and a scope, and given a link that is shown once', async () => {
    const page = await visits.visit('#/people');
    await page.getByRole('button', { name: 'Add a person' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('emmy');
    await dialog.getByRole('radio', { name: /^Operator/ }).check();
    await dialog.getByRole('radio', { name: 'only these:' }).check();
    await dialog.getByText('Choose at least one camera').waitFor();
    expect(await dialog.getByRole('button', { name: 'Add a person' }).isEnabled()).toBe(false);
    await dialog.getByRole('checkbox', { name: 'Main gate' }).check();
    await dialog.getByRole('textbox', { name: 'Sites' }).pressSequentially('harbour, east');
    await dialog.getByRole('button', { name: 'Add a person' }).click();
    const link = await dialog.getByRole('status').locator('code').innerText();
    expect(link).toBe(`${visits.server.url}/setup#token=one-time&name=emmy`);
    expect(last()).toEqual({
      method: 'POST',
      path: '/people',
      body: { name: 'emmy', role: 'operator', scope: { cameras: ['gate'], sites: ['harbour', 'east'] } },
    });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await expect.poll(() => page.getByText('one-time').count()).toBe(0);
    expect(visits.faults).toEqual([]);
  });

  test('are let in no more, or again, but nobody shuts themselves out', async () => {
    const page = await visits.visit('#/people');
    await page.getByRole('button', { name: 'Disable joan' }).click();
    await page.getByRole('button', { name: 'Enable joan' }).waitFor();
    expect(last()?.body).toEqual({ disabled: true });
    expect(await page.getByRole('button', { name: 'Disable ada' }).count()).toBe(0);
  });
});

test('a list is saved as a file with all of its rows, and a reset can be left', async () => {
  const page = await visits.visit('#/people');
  const button = page.getByRole('button', { name: 'As CSV' });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toMatch(/^people-.+\.csv$/);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines.slice(1).map((line) => line.split(',')[5])).toEqual(['ada', 'grace', 'joan', 'konrad']);
  await page.getByRole('button', { name: 'Reset the password of joan' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  expect(last()).toBeUndefined();
  await page.evaluate(`location.hash = '#/nowhere'`);
  await page.getByText('This page has no such address.').waitFor();
  expect(visits.faults).toEqual([]);
});

describe('tokens', () => {
  test('get permissions, a scope and an end, and are shown once', async () => {
    const page = await visits.visit('#/tokens');
    await page.getByRole('button', { name: 'Create a token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Used for').fill('barrier');
    expect(await dialog.getByRole('button', { name: 'Create a token' }).isDisabled()).toBe(true);
    await dialog.getByRole('checkbox', { name: 'See reads' }).check();
    await dialog.getByLabel('Expires after').selectOption('30');
    await dialog.getByRole('button', { name: 'Create a token' }).click();
    expect(await dialog.getByRole('status').locator('code').innerText()).toMatch(/^alpr_/);
    const { expires_at, ...body } = last()?.body ?? {};
    expect(body).toEqual({ name: 'barrier', permissions: ['events:read'], scope: null });
    expect(Date.parse(String(expires_at)) - Date.now()).toBeGreaterThan(29.9 * 86_400_000);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByText(/alpr_/).count()).toBe(0);
  });

  test('are replaced without a gap, and ended after a question', async () => {
    const page = await visits.visit('#/tokens');
    await page.getByRole('button', { name: 'Rotate parking ledger' }).click();
    await page.getByRole('dialog').getByRole('combobox').selectOption('7');
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('dialog').getByRole('status').waitFor();
    expect(last()?.body).toEqual({ overlap_s: 604_800 });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Revoke parking ledger' }).click();
    expect(last()?.method).toBe('POST');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await expect.poll(() => last()?.method).toBe('DELETE');
  });
});

describe('the audit', () => {
  test('is read page by page, and by what somebody did', async () => {
    visits.server.accounts.become('auditor');
    const page = await visits.visit('#/audit');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(50);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(60);
    await page.getByLabel('Action').selectOption('refuse');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(9);
    await page.getByRole('button', { name: /Alarms 1/ }).click();
    const alarm = page.locator('.alarm-open');
    await alarm.getByLabel('Outcome').fill('Asked joan');
    await alarm.getByRole('button').click();
    await expect.poll(() => last()?.body).toEqual({ note: 'Asked joan' });
    expect(visits.faults).toEqual([]);
  });

  test('exports the times that were chosen, on the clock of the person', async () => {
    const page = await visits.visit('#/audit', { timezoneId: 'Asia/Kolkata' });
    await page.getByLabel('From').fill('2026-11-01T05:30');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const link = page.getByRole('link', { name: 'Export' });
    await expect.poll(() => link.getAttribute('href')).toBe('/audit/export?from=2026-11-01T00%3A00%3A00.000Z');
  });
});

describe('the purpose', () => {
  test('is asked for once where it must be said, and what was refused is asked for again', async () => {
    visits.server.accounts.needsPurpose = true;
    const page = await visits.visit('#/search?q=AB8X1C9');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').selectOption('theft');
    await dialog.getByLabel('Case number').fill('A-2026/118');
    await page.keyboard.press('Enter');
    await page.locator('.row').first().waitFor();
    expect(visits.server.accounts.purpose).toEqual({ purpose: 'theft', case_number: 'A-2026/118' });
    await page.getByRole('link', { name: 'Live', exact: true }).click();
    await page.locator('.reads .row').first().waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});
