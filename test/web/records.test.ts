import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { createEvent } from './generated-events.ts';
import { keepPicture } from './looks.ts';
import { inspect, RealVisits } from './real-visits.ts';

const visits = new RealVisits();

const DAY_MS = 86_400_000;
const TEXT = 'AB8X1C9';

/** Noon of today and of days before, so that no test meets midnight. */
const noon = Date.parse(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`) - DAY_MS;
const reads = [0, 1, 1, 1, 20].map((daysAgo, index) =>
  createEvent({ number: 3 * index + 2, at: noon - daysAgo * DAY_MS + index * 60_000, text: TEXT }),
);
const alike = createEvent({ number: 40, at: noon, text: 'ABBX1C9' });
const corrected = createEvent({ number: 41, at: noon, text: 'KA64XRT' });

beforeAll(async () => {
  await visits.publish([...reads, alike, corrected]);
  const response = await fetch(`${visits.back.url}/events/${corrected.event_id}/review`, {
    method: 'POST',
    headers: { authorization: visits.back.authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'correct', text: 'KA64XRI', reason: 'An I in the picture', revision: 2 }),
  });
  expect(response.status).toBe(200);
});

describe('the history of a plate', () => {
  test('says how often, when and where it was seen, on which days, and what is near to it', async () => {
    const page = await visits.visit(`#/plates/${TEXT}`);
    await page.locator('.plate-reads .row').first().waitFor();
    expect(await page.locator('.headline-facts').innerText()).toMatch(/Seen\s+5 reads/);
    expect(await page.locator('.calendar-days').getAttribute('aria-label')).toBe('5 reads on 3 days');
    expect(await page.locator('.calendar rect[class^="level-"]:not(.level-0)').count()).toBe(3);
    await page.getByText('These days as a list').click();
    expect(await page.locator('.day-list li').allInnerTexts()).toHaveLength(3);
    expect(await page.locator('.day-list').innerText()).toContain('3 reads');
    expect(await page.locator('.plate-reads .row').count()).toBe(5);
    await page.getByRole('link', { name: 'ABBX1C9' }).click();
    await expect.poll(() => page.locator('.headline .plate').getAttribute('data-text')).toBe('ABBX1C9');
    expect(visits.faults).toEqual([]);
  });

  test('keeps tags and notes with who wrote them, and forgets those that are removed', async () => {
    const page = await visits.visit(`#/plates/${TEXT}`, { name: 'Grace' });
    await page.getByLabel('A new tag').fill('staff');
    await page.getByLabel('A new tag').press('Enter');
    await page.locator('.tag').getByText('staff').waitFor();
    await page.getByLabel('A new note').fill('Belongs to the workshop');
    await page.getByLabel('A new note').press('Enter');
    await page.locator('.note').waitFor();
    await page.reload();
    expect(await page.locator('.note').innerText()).toMatch(/Belongs to the workshop\s+Grace, /);
    await page.getByRole('button', { name: 'Remove “staff”' }).click();
    await expect.poll(() => page.locator('.tag').count()).toBe(0);
    expect(visits.faults).toEqual([]);
  });
});

describe('a read', () => {
  const address = `#/event/${corrected.event_id}`;

  test('that a person corrected shows what was read, what it became, by whom and why', async () => {
    const page = await visits.visit(address);
    const told = page.locator('.headline .review');
    await told.waitFor();
    expect(await told.innerText()).toMatch(/^Corrected by test, .+An I in the picture/);
    expect(await told.innerText()).toContain('Read as KA64XRT, corrected to KA64XRI');
    expect(await page.locator('.revision-by').innerText()).toBe('test');
    await page.getByRole('link', { name: 'History of this plate' }).click();
    await expect.poll(() => page.evaluate('location.hash')).toBe('#/plates/KA64XRI');
    expect(visits.faults).toEqual([]);
  });

  test('can be copied, and printed without what is no use on paper', async () => {
    const page = await visits.visit(address);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('KA64XRI');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.top, .read-nav, .read-tools').filter({ visible: true }).count()).toBe(0);
    expect(await page.locator('.headline .plate').isVisible()).toBe(true);
    await keepPicture(page, 'read-print', 'whole');
  });

  test('is handed out as a zip of evidence', async () => {
    const page = await visits.visit(address);
    const button = page.getByRole('button', { name: 'Evidence' });
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe('PK');
    await page.getByText(/^Saved as/).waitFor();
  });

  test('offers to decide and to take evidence away only to those who may', async () => {
    const page = await visits.visit(address, { permissions: ['events:read', 'images'] });
    await page.getByRole('button', { name: 'Print' }).waitFor();
    const tools = await page.locator('.read-tools').innerText();
    expect(tools).not.toMatch(/Evidence|Review|History/);
    expect(await page.getByLabel('A new note').count()).toBe(0);
  });

  test('is decided on from its own screen', async () => {
    const page = await visits.visit(`#/event/${alike.event_id}`);
    await page.locator('.read-tools').getByRole('link', { name: 'Review' }).click();
    await page.locator('.on-desk').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Your decision has been saved.').waitFor();
    await page.getByRole('link', { name: 'Show the read' }).click();
    await page.getByText(/^Confirmed by Ada/).waitFor();
  });
});

describe('the search', () => {
  test('is saved under a name, opened again, renamed, and deleted', async () => {
    const page = await visits.visit(`#/search?q=${TEXT}&mode=exact`);
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.getByLabel('Name of the search').fill('The workshop');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'The workshop' }).waitFor();
    await page.evaluate(`location.hash = '#/search'`);
    await page.getByRole('link', { name: 'The workshop' }).click();
    await expect.poll(() => page.evaluate('location.hash')).toBe(`#/search?q=${TEXT}&mode=exact`);
    await page.getByRole('button', { name: 'Rename the saved search “The workshop”' }).click();
    await page.getByLabel('Name of the search').fill('The garage');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'The garage' }).waitFor();
    await page.getByRole('button', { name: 'Delete the saved search “The garage”' }).click();
    await expect.poll(() => page.getByRole('link', { name: 'The garage' }).count()).toBe(0);
    expect(visits.faults).toEqual([]);
  });

  test('keeps the site, region and vehicle that a saved one has, and shows them', async () => {
    const page = await visits.visit(`#/search?q=${TEXT}&mode=exact&site=nowhere&vehicle=bus`);
    await page.getByText(/^Nothing found/).waitFor();
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.getByLabel('Name of the search').fill('Buses');
    await page.keyboard.press('Enter');
    await page.evaluate(`location.hash = '#/search'`);
    await page.getByRole('link', { name: 'Buses' }).click();
    await page.getByRole('link', { name: 'Remove the filter: Site' }).click();
    await expect.poll(() => page.evaluate('location.hash')).toBe(`#/search?q=${TEXT}&mode=exact&vehicle=bus`);
    await page.getByRole('radio', { name: 'auto' }).check({ force: true });
    await expect.poll(() => page.evaluate('location.hash')).toBe(`#/search?q=${TEXT}&vehicle=bus`);
    await page.getByRole('button', { name: 'Delete the saved search “Buses”' }).click();
    await expect.poll(() => page.getByRole('link', { name: 'Buses' }).count()).toBe(0);
    expect(visits.faults).toEqual([]);
  });

  test('is exported whole, with progress, and can be stopped', async () => {
    const page = await visits.visit(`#/search?q=${TEXT}&mode=exact`);
    const button = page.getByRole('button', { name: 'As CSV' });
    await button.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    expect(download.suggestedFilename()).toMatch(/^events-.+\.csv$/);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(1 + reads.length);
    await page.getByText(/^Saved as events-/).waitFor();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/events/export*', async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    await button.click();
    await page.locator('.download progress').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await button.waitFor();
    expect(await page.locator('.download progress, [role=alert]').count()).toBe(0);
    release();
  });

  test('is exported by nobody who may not', async () => {
    const page = await visits.visit(`#/search?q=${TEXT}`, { permissions: ['events:read', 'search', 'images'] });
    await page.locator('.row').first().waitFor();
    expect(await page.getByRole('button', { name: 'As CSV' }).count()).toBe(0);
  });
});

test.each([
  ['plate', `#/plates/${TEXT}`, '.plate-reads .row'],
  ['read-corrected', `#/event/${corrected.event_id}`, '.notes'],
  ['search-saved', `#/search?q=${TEXT}`, '.found-top'],
])('the screen of %s has no barrier and does not scroll sideways', async (screen, hash, ready) => {
  const page = await visits.visit(hash);
  await page.locator(ready).first().waitFor();
  await inspect(page, screen);
});
