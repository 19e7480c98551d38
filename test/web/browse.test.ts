/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createEvent } from './generated-events.ts';
import { PHONE, Visits } from './visits.ts';

const MINUTE_MS = 60_000;

const visits = new Visits();

const textsOf = (page: Page) =>
  page.locator('.row .plate').evaluateAll((plates) => plates.map((plate) => plate.getAttribute('data-text')));
const openId = (page: Page) => page.locator('.details').getAttribute('data-event');
const idsOf = (page: Page) =>
  page.locator('.row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-event')));

/** Moves one finger over the middle of the screen. */
function swipe(page: Page, by: Readonly<{ x: number; y?: number }>): Promise<unknown> {
  return page.evaluate(`(() => {
    const target = document.querySelector('.details');
    const touch = (x, y) => new Touch({ identifier: 1, target, clientX: x, clientY: y });
    const [from, to] = [touch(195, 300), touch(195 + ${by.x}, 300 + ${by.y ?? 0})];
    target.dispatchEvent(new TouchEvent('touchstart', { bubbles: true, touches: [from], changedTouches: [from] }));
    target.dispatchEvent(new TouchEvent('touchend', { bubbles: true, touches: [], changedTouches: [to] }));
  })()`);
}

describe('browsing without a text', () => {
  it('lists what passed a camera between two times, newest first, and every filter alone is a search', async () => {
    const asked = Date.now();
    const at = (minutes: number) => new Date(asked - minutes * MINUTE_MS).toISOString();
    const page = await visits.visit(`#/search?camera=yard&from=${at(60)}&to=${at(20)}`);
    await page.locator('.row').first().waitFor();
    const expected = [...visits.server.api.passed()]
      .filter(({ camera_id, detected_at }) => camera_id === 'yard' && detected_at >= at(60) && detected_at <= at(20))
      .map(({ event_id }) => event_id);
    expect(expected.length).toBeGreaterThan(1);
    expect(await idsOf(page)).toEqual(expected);
    expect(await page.locator('.found-count').innerText()).toContain('newest first');
    expect(await page.locator('.reason').count()).toBe(0);
    await page.goto(`${visits.server.url}/#/search?from=${at(20)}`);
    await expect.poll(() => page.locator('.row').count()).toBe(5);
  });

  it('begins with a camera chosen from the list', async () => {
    const page = await visits.visit('#/search');
    await page.locator('.suggestions a').first().waitFor();
    await page.getByLabel('Camera').selectOption('yard');
    await expect.poll(() => page.locator('.row').count()).toBe(20);
    expect(visits.faults).toEqual([]);
  });

  it('filters by a direction in the words of the camera, and the rows and the read say it as it is', async () => {
    const page = await visits.visit('#/search');
    await page.getByLabel('Direction').selectOption('hinein');
    await expect.poll(() => page.locator('.row').count()).toBe(20);
    expect(await page.locator('.row-direction').allInnerTexts()).toEqual(Array.from({ length: 20 }, () => 'hinein'));
    expect(page.url()).toContain('direction=hinein');
    await page.getByLabel('Zone').selectOption('Loading bay');
    await page.locator('.row').first().click();
    await page.getByText('hinein (Schranke)').waitFor();
    await page.getByText('Loading bay, 2.1 s').waitFor();
    expect(visits.faults).toEqual([]);
  });

  it('says what is wrong when from is after to, and what to do when nothing passed', async () => {
    const page = await visits.visit('#/search?from=2026-03-01T09:00&to=2026-03-01T08:00');
    await expect.poll(() => page.locator('.problem').innerText()).toContain('“From” is later than “To”');
    await page.goto(`${visits.server.url}/#/search?from=2020-03-01T08:00&to=2020-03-01T09:00`);
    await page.getByText('No reads match these filters.').waitFor();
    expect(visits.faults).toEqual([]);
  });
});

describe('the search form', () => {
  it('follows the address, although its text box has the focus', async () => {
    const page = await visits.visit('#/search?q=AB8X1C9');
    await page.locator('.row').first().waitFor();
    const box = page.getByRole('searchbox');
    await box.focus();
    await page.evaluate("location.hash = '#/search?q=MK21OUV&camera=gate&mode=likelihood&min_confidence=0.33'");
    await expect.poll(() => box.inputValue()).toBe('MK21OUV');
    expect(await page.getByLabel('Camera').inputValue()).toBe('gate');
    expect(await page.getByRole('radio', { name: 'likelihood' }).isChecked()).toBe(true);
    expect(await page.getByLabel('Minimum confidence').inputValue()).toBe('0.33');
    await page.goBack();
    await expect.poll(() => box.inputValue()).toBe('AB8X1C9');
    expect(await page.getByLabel('Camera').inputValue()).toBe('');
  });

  it('leaves what is being typed alone', async () => {
    const page = await visits.visit('#/search');
    await page.getByRole('searchbox').pressSequentially('mk 21 ', { delay: 150 });
    await expect.poll(() => page.url()).toContain('q=mk+21');
    await page.getByRole('searchbox').pressSequentially('o');
    await expect.poll(() => page.url()).toContain('q=mk+21+o');
    expect(await page.getByRole('searchbox').inputValue()).toBe('mk 21 o');
  });

  it('shows the times of an address in the zone of the viewer, and keeps them', async () => {
    const page = await visits.visit('#/search?from=2026-03-01T08:00:00Z&to=2026-03-01T09:30:15.000Z', {
      timezoneId: 'Asia/Kolkata',
    });
    await expect.poll(() => page.getByLabel('From').inputValue()).toBe('2026-03-01T13:30');
    expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('2026-03-01T15:00:15');
    await page.getByRole('searchbox').fill('AB8X1C9');
    await expect.poll(() => page.url()).toContain('q=AB8X1C9');
    expect(decodeURIComponent(page.url())).toContain('from=2026-03-01T13:30&to=2026-03-01T15:00:15');
  });

  it('offers alike texts for a text, and not for a pattern, which has none', async () => {
    const page = await visits.visit('#/search?q=ZZ%3FZ*');
    await page.getByText('Nothing found for ZZ?Z*.').waitFor();
    expect(await page.getByRole('link', { name: 'Search for similar texts' }).count()).toBe(0);
    await page.goto(`${visits.server.url}/#/search?q=ZZ99ZZ`);
    await page.getByRole('link', { name: 'Search for similar texts' }).click();
    await page.getByText('Nothing found for ZZ99ZZ.').waitFor();
    expect(await page.locator('.problem').count()).toBe(0);
    expect(visits.faults).toEqual([]);
  });
});

describe('an open read', () => {
  it('turns to the next and the previous one of the list by keys, and closes to the list', async () => {
    const page = await visits.visit('#/live');
    await page.locator('.row').first().waitFor();
    const ids = await idsOf(page);
    await page.locator('.row-link').nth(1).click();
    await expect.poll(() => openId(page)).toBe(ids[1]);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => openId(page)).toBe(ids[2]);
    await page.keyboard.press('j');
    await expect.poll(() => openId(page)).toBe(ids[3]);
    for (const [key, place] of [
      ['k', 2],
      ['ArrowLeft', 1],
      ['ArrowLeft', 0],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => openId(page)).toBe(ids[place]);
    }
    expect(await page.getByRole('button', { name: 'Previous read' }).isDisabled()).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('button', { name: 'Next read' }).click();
    await expect.poll(() => openId(page)).toBe(ids[1]);
    await page.keyboard.press('Escape');
    await page.locator('.reads').waitFor();
    expect(page.url()).toContain('#/live');
    await expect.poll(() => page.evaluate('document.activeElement?.getAttribute("data-row")')).toBe(ids[1]);
    expect(visits.faults).toEqual([]);
  });

  it('turns within the search that it was opened from', async () => {
    const page = await visits.visit('#/search?camera=yard');
    await page.locator('.row').first().waitFor();
    const ids = await idsOf(page);
    await page.locator('.row-link').first().click();
    await page.locator('.details').waitFor();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => openId(page)).toBe(ids[1]);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).toContain('#/search?camera=yard');
  });

  it('turns by a swipe to the side, and not by one up', async () => {
    const page = await visits.visit('#/live', PHONE);
    await page.locator('.row').first().waitFor();
    const ids = await idsOf(page);
    await page.goto(`${visits.server.url}/#/event/${ids[1]}`);
    await page.locator('.details').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await swipe(page, { x: -120 });
    await expect.poll(() => openId(page)).toBe(ids[2]);
    await swipe(page, { x: -80, y: -90 });
    await swipe(page, { x: 120 });
    await expect.poll(() => openId(page)).toBe(ids[1]);
  });

  it('says in plain words how its frames were used, and shows no candidate of 0%', async () => {
    const page = await visits.visit('#/event/01990000-0000-7000-8000-000000000002');
    await page.locator('.revision').nth(1).waitFor();
    const text = (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');
    for (const words of ['Read a different text 1', 'Skipped to save work 12', 'Too blurred 2', 'Vehicle none found']) {
      expect(text).toContain(words);
    }
    expect(text).not.toMatch(/outvoted|throttled|Looks|not looked for|too_small|\b0%/);
  });

  it('tells in plain words that an address names none', async () => {
    const page = await visits.visit('#/event/nonsense');
    await expect.poll(() => page.locator('.problem').innerText()).toContain('There is no read with this address.');
    expect(await page.locator('.problem').innerText()).not.toMatch(/params|UUID/);
  });
});

describe('the region', () => {
  it('stands in the list, and only plates of a region with a blue band are drawn with one', async () => {
    const page = await visits.visit('#/live');
    await page.locator('.row').first().waitFor();
    const rowOf = (text: string) => page.locator(`.row:has([data-text="${text}"])`).first();
    expect(await rowOf('7BTR204').locator('.row-region').innerText()).toBe('US-CA');
    expect(await rowOf('W8TNDR').locator('.row-region').getAttribute('title')).toBe('Netherlands');
    expect(await rowOf('MK21OUV').locator('.row-region').count()).toBe(0);
    const ground = (text: string) =>
      rowOf(text)
        .locator('.plate')
        .evaluate((plate) => getComputedStyle(plate).backgroundImage);
    expect(await ground('W8TNDR')).toContain('gradient');
    expect(await ground('7BTR204')).toBe('none');
    expect(await ground('MK21OUV')).toBe('none');
    expect((await textsOf(page)).length).toBe(50);
  });
});

describe('the system', () => {
  it('says in plain words why frames of a camera were not processed', async () => {
    const page = await visits.visit('#/system');
    const card = page.locator('.camera-card').first();
    await card.waitFor();
    const text = (await card.innerText()).replaceAll(/\s+/g, ' ');
    expect(text).toContain('Skipped to keep up 412');
    expect(text).toContain('Missed by a busy machine 31');
    expect(text).not.toMatch(/Dropped|queue/);
  });

  it('counts events of impossible times, and lists them', async () => {
    visits.server.api.misdated = 2;
    const events = [1970, 2199].map((year) => createEvent({ number: year, at: Date.UTC(year, 0, 2) }));
    for (const event of events) visits.server.api.put(event);
    const page = await visits.visit('#/system');
    await page.getByText('2: before 2010, in the future').waitFor();
    for (const [index, link] of ['before 2010', 'in the future'].entries()) {
      await page.getByRole('link', { name: link }).click();
      await expect
        .poll(() => page.locator('[data-event]').evaluateAll((rows) => rows.map((row) => row.dataset.event)))
        .toEqual([events[index]?.event_id]);
      await page.goBack();
    }
  });
});
