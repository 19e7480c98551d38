import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SignedReport } from '../../src/contract/api/privacy.ts';
import { createEvent } from './generated-events.ts';
import { keepPicture } from './looks.ts';
import { inspect, RealVisits } from './real-visits.ts';

const visits = new RealVisits();

const KEPT = 'KA64XRT';
const ERASED = 'MK21UVW';

beforeAll(async () => {
  const at = Date.now() - 3_600_000;
  const texts = [KEPT, KEPT, ERASED, ERASED, ERASED];
  await visits.publish(texts.map((text, number) => createEvent({ number, at: at + number * 1_000, text })));
});

async function fileOf(page: Page, press: () => Promise<void>): Promise<Readonly<{ name: string; bytes: Buffer }>> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

describe('the screen of privacy', () => {
  test('says in which places plates are, and what retention would remove', async () => {
    const page = await visits.visit('#/privacy');
    const inventory = page.getByRole('table', { name: 'Where plates are kept' });
    expect(await inventory.getByRole('row', { name: /^Reads/ }).innerText()).toMatch(/\b5\b.*rows/s);
    expect(await inventory.getByRole('row').count()).toBeGreaterThan(8);
    await page.getByRole('button', { name: 'Show what would be removed' }).click();
    const report = page.locator('[aria-labelledby=retention] [role=status]');
    expect(await report.innerText()).toMatch(/Pictures are kept for\s+90 days/);
    expect(visits.faults).toEqual([]);
  });

  test('keeps a plate by a hold, with a reason, until it is ended', async () => {
    const page = await visits.visit('#/privacy');
    const holds = page.locator('[aria-labelledby=holds]');
    await page.getByText('No holds.').waitFor();
    await holds.locator('summary').click();
    await holds.getByLabel('Plate', { exact: true }).fill('ka64 xrt');
    await holds.getByLabel('Reason').fill('Asked for by the court');
    await holds.getByLabel('Case number').fill('12-345');
    await holds.getByLabel('Case number').press('Enter');
    const hold = holds.locator('.hold');
    await hold.waitFor();
    expect(await hold.innerText()).toMatch(/KA64XRT 2 reads\s+Asked for by the court · case 12-345\s+Ada, /);
    await keepPicture(page, 'privacy-hold', 'whole');
    await hold.getByRole('button', { name: 'End the hold on KA64XRT' }).click();
    await page.getByText('No holds.').waitFor();
    await page.getByLabel('Show ended holds').check();
    await hold.getByText(/Ended by Ada/).waitFor();
    expect(visits.faults).toEqual([]);
  });

  test('does not erase a plate that is held, and names the hold', async () => {
    const page = await visits.visit('#/privacy');
    const [holds, erasure] = [page.locator('[aria-labelledby=holds]'), page.locator('[aria-labelledby=erasure]')];
    await holds.locator('summary').click();
    await holds.getByLabel('Plate', { exact: true }).fill(KEPT);
    await holds.getByLabel('Reason').fill('Asked for by the court');
    await holds.getByLabel('Reason').press('Enter');
    await holds.locator('.hold').waitFor();
    await erasure.getByLabel('Plate', { exact: true }).fill(KEPT);
    await erasure.getByLabel('Reason').fill('The owner asked for it');
    await erasure.getByRole('button', { name: 'Show what would be erased' }).click();
    await erasure.getByRole('alert').getByText('(Asked for by the court); end the hold before erasing').waitFor();
    await holds.getByRole('button', { name: `End the hold on ${KEPT}` }).click();
    await page.getByText('No holds.').waitFor();
  });

  test('erases a plate only once it was seen what goes and the plate was typed again, and hands out the report', async () => {
    const page = await visits.visit('#/privacy');
    const erasure = page.locator('[aria-labelledby=erasure]');
    await erasure.getByLabel('Plate', { exact: true }).fill(ERASED);
    await erasure.getByLabel('Reason').fill('The owner asked for it');
    await erasure.getByRole('button', { name: 'Show what would be erased' }).click();
    await page.getByText('This would be erased: 3 reads').waitFor();
    const erase = erasure.getByRole('button', { name: 'Erase for good' });
    expect(await erase.isEnabled()).toBe(false);
    await erasure.getByLabel(`Type ${ERASED} to confirm`).fill('MK21UV');
    expect(await erase.isEnabled()).toBe(false);
    await keepPicture(page, 'privacy-erasure', 'whole');
    await erasure.getByLabel(`Type ${ERASED} to confirm`).fill('mk21 uvw');
    await erase.click();
    await page.getByText('This was erased: 3 reads').waitFor();
    const { name, bytes } = await fileOf(page, () => erasure.getByRole('button', { name: 'Signed report' }).click());
    expect(name).toMatch(/^erasure-.+\.json$/);
    const { report } = JSON.parse(bytes.toString()) as SignedReport;
    expect(report).toMatchObject({ by: 'Ada', reason: 'The owner asked for it', events: 3 });
    expect(bytes.toString()).not.toContain(ERASED);
    expect(await erasure.locator('.erasure-history').innerText()).toContain('The owner asked for it');
    expect((await visits.back.getJson(`/events/plate/${ERASED}`)).events).toEqual([]);
    expect((await visits.back.getJson(`/events/plate/${KEPT}`)).events).toHaveLength(2);
    expect(visits.faults).toEqual([]);
  });

  test('gives everything on a plate as a zip', async () => {
    const page = await visits.visit('#/privacy');
    const access = page.locator('[aria-labelledby=subject-access]');
    await access.getByLabel('Plate', { exact: true }).fill(KEPT);
    const zip = await fileOf(page, () => access.getByRole('button', { name: `Everything on ${KEPT}` }).click());
    expect(zip.name).toBe('subject-access.zip');
    expect(zip.bytes.subarray(0, 2).toString()).toBe('PK');
  });

  test('has no barrier and does not scroll sideways', async () => {
    const page = await visits.visit('#/privacy');
    await page.getByRole('table').first().waitFor();
    await page.locator('[aria-labelledby=holds] summary').click();
    await inspect(page, 'privacy');
  });

  test('is not shown to those who may not', async () => {
    const page = await visits.visit('#/privacy', { permissions: ['events:read', 'search'] });
    await page.getByText('Your account may not see this.').waitFor();
  });
});
