import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createCamera, createEvent } from './generated-events.ts';
import { Visits } from './visits.ts';

/** Event number 2 is AB8X1C9, whose 8 could be a B. */
const DOUBTFUL = '01990000-0000-7000-8000-000000000002';

/** Width and height of the gate's canvas, and whether anything was drawn; an empty canvas is all zeros. */
const MEASURE_CANVAS = `(() => {
  const canvas = document.querySelector('[data-camera=gate] canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, 64, 64);
  return [canvas.width, canvas.height, data.some((value) => value > 0)];
})()`;

const visits = new Visits();

const rowOf = (page: Page, id: string) => page.locator(`.reads [data-event="${id}"]`);
const focusedRow = (page: Page) => page.evaluate('document.activeElement?.getAttribute("data-row") ?? null');

describe('the live wall', () => {
  it('puts a new read on top and changes its row in place when a revision comes', async () => {
    const page = await visits.visit('#/live');
    await page.locator('.row').first().waitFor();
    const at = Date.now() - 500;
    visits.server.send('plate', createEvent({ number: 402, at, revision: 1, status: 'provisional', text: 'AB8X1C' }));
    const row = page.locator('.row').first();
    await expect.poll(() => row.getAttribute('data-revision')).toBe('1');
    expect(await row.innerText()).toContain('reading');
    const rows = await page.locator('.row').count();
    visits.server.send('plate', createEvent({ number: 402, at, revision: 2, status: 'final' }));
    await expect.poll(() => row.getAttribute('data-revision')).toBe('2');
    expect(await row.locator('.plate').getAttribute('data-text')).toBe('AB8X1C9');
    expect(await row.innerText()).toContain('final');
    expect(await page.locator('.row').count()).toBe(rows);
    await expect.poll(() => page.locator('[aria-live=polite]').innerText()).toMatch(/New read A B 8 X 1 C/);
    expect(visits.faults).toEqual([]);
  });

  it('marks a doubtful character and tells on hover what else it could be', async () => {
    const page = await visits.visit('#/live');
    visits.server.send('plate', createEvent({ number: 402, at: Date.now() }));
    const doubtful = page.locator('.row').first().locator('.doubt');
    await expect.poll(() => doubtful.getAttribute('aria-label')).toBe('8, 64%. Could be B 31%, R 3%, E 1%');
    expect(await doubtful.locator('.tip').isVisible()).toBe(false);
    await doubtful.hover();
    expect(await doubtful.locator('.tip').isVisible()).toBe(true);
  });

  it('draws the picture of a camera and the boxes in it, and says why another one does not run', async () => {
    const page = await visits.visit('#/live');
    const gate = page.locator('[data-camera=gate]');
    await gate.waitFor();
    visits.server.move(9);
    await gate.locator('.quad').waitFor();
    expect(await gate.locator('.label').textContent()).toBe('KA64XRT94%');
    expect(await page.evaluate(MEASURE_CANVAS)).toEqual([960, 540, true]);
    const yard = page.locator('[data-camera=yard]');
    expect(await yard.innerText()).toContain('refused the connection');
    visits.server.send('camera', { ...createCamera('yard', Date.now()), state: 'running', message: '' });
    await expect.poll(() => yard.locator('.state').innerText()).toBe('running');
    expect(visits.faults).toEqual([]);
  });

  it('says what to expect while there is nothing', async () => {
    visits.server.api.forget();
    const page = await visits.visit('#/live');
    await page.getByText('No reads yet.').waitFor();
    await expect.poll(() => page.locator('.reads').innerText()).toContain('first vehicle arrives in a few seconds');
    await expect.poll(() => page.locator('.totals').innerText()).toMatch(/Read rate in 24\u00a0h\s+–/);
  });

  it('tells that the server is gone, and takes up again by itself what it missed', async () => {
    const page = await visits.visit('#/live');
    await page.locator('.row').first().waitFor();
    await visits.server.stop();
    await page.getByText('Connection lost. What you see is not current.').waitFor();
    const newest = Date.now();
    const missed = Array.from({ length: 70 }, (_, n) => createEvent({ number: 500 + n, at: newest - n }));
    for (const event of missed) visits.server.api.put(event);
    await visits.server.start();
    await page.locator('.banner').waitFor({ state: 'detached', timeout: 10_000 });
    // More than one page of them.
    await expect.poll(() => page.locator('.row').count()).toBe(120);
    const untold = createEvent({ number: 600, at: newest + 1 });
    visits.server.api.put(untold);
    visits.server.send('gap', { since: null, until: new Date().toISOString() });
    await rowOf(page, untold.event_id).waitFor();
    expect(visits.faults.filter((fault) => !fault.includes('ERR_'))).toEqual([]);
  });

  it('fetches older reads on request', async () => {
    const page = await visits.visit('#/live');
    await expect.poll(() => page.locator('.row').count()).toBe(50);
    await page.getByRole('button', { name: 'Show older reads' }).click();
    await expect.poll(() => page.locator('.row').count()).toBe(60);
    expect(await page.getByRole('button', { name: 'Show older reads' }).count()).toBe(0);
  });
});

describe('the detail of a read', () => {
  it('shows characters with alternatives, candidates, rejected looks, revisions and other reads of the plate', async () => {
    const page = await visits.visit(`#/event/${DOUBTFUL}`);
    await page.locator('.revision').nth(1).waitFor();
    const third = page.locator('.character').nth(2);
    expect((await third.locator('.alternative').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      '8 64%',
      'B 31%',
      'R 3%',
      'E 1%',
    ]);
    expect(await page.locator('.candidate a').allInnerTexts()).toEqual(['AB8X1C9', 'ABBX1C9', 'AB8X1CX']);
    expect(await page.locator('.facts, .details').first().innerText()).toMatch(/Characters too small\s+3/);
    expect(await page.locator('.revision-number').allInnerTexts()).toEqual(['2', '1']);
    await expect.poll(() => page.locator('.others .row').count()).toBe(7);
    expect(await page.locator('.over .quad').count()).toBe(1);
    expect(await page.locator('.path circle').count()).toBe(10);
    expect(await page.getByRole('link', { name: 'JSON' }).getAttribute('href')).toBe(`/events/${DOUBTFUL}`);
  });

  it('takes up a revision while it is open', async () => {
    const page = await visits.visit(`#/event/${DOUBTFUL}`);
    await page.locator('.revision').nth(1).waitFor();
    const corrected = createEvent({ number: 2, at: Date.now() - 60_000, revision: 3 });
    visits.server.api.put(corrected);
    visits.server.send('plate', corrected);
    await expect.poll(() => page.locator('.revision-number').allInnerTexts()).toEqual(['3', '2', '1']);
  });

  it('tells in the words of the API that an event is not there', async () => {
    const page = await visits.visit('#/event/01990000-0000-7000-8000-ffffffffffff');
    expect(await page.locator('.problem').innerText()).toContain('It may have been erased. NOT_FOUND');
  });
});

describe('the search', () => {
  it('shows why each read was found, and keeps the question in the address', async () => {
    const page = await visits.visit('#/search');
    await page.getByRole('searchbox', { name: 'Plate text' }).pressSequentially('ABBX1C9');
    await page.locator('.reason').first().waitFor();
    expect(await page.locator('.reason').first().innerText()).toBe('look-alike B↔8 at 3');
    expect(page.url()).toContain('#/search?q=ABBX1C9');
    await page.getByLabel('Camera').selectOption('yard');
    await expect.poll(() => page.url()).toContain('camera=yard');
    await expect
      .poll(() => page.locator('.row-camera').allInnerTexts())
      .toEqual(['Yard exit', 'Yard exit', 'Yard exit']);
    expect(visits.faults).toEqual([]);
  });

  it('shows the same answer to whoever opens the address', async () => {
    const page = await visits.visit('#/search?q=A%3F8*&mode=wildcard');
    await page.locator('.reason').first().waitFor();
    expect(await page.locator('.reason').first().innerText()).toBe('matches the pattern');
    expect(await page.getByRole('searchbox').inputValue()).toBe('A?8*');
    expect(await page.getByRole('radio', { name: 'wildcard' }).isChecked()).toBe(true);
  });

  it('pages by cursor, and refuses in the words of the API', async () => {
    const page = await visits.visit('#/search?q=*');
    await expect.poll(() => page.locator('.row').count()).toBe(30);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => page.locator('.row').count()).toBe(60);
    await page.getByRole('searchbox').fill('A$');
    await expect
      .poll(() => page.locator('.problem').innerText())
      .toContain('expected letters, digits, ? and *. INPUT_INVALID');
  });
});

describe('the keyboard', () => {
  it('moves in the list, opens a read, closes it and comes back to its row', async () => {
    const page = await visits.visit('#/live');
    await page.locator('.row').first().waitFor();
    await page.keyboard.press('j');
    const first = await focusedRow(page);
    await page.keyboard.press('ArrowDown');
    const second = await focusedRow(page);
    await page.keyboard.press('k');
    expect(await focusedRow(page)).toBe(first);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.details').waitFor();
    expect(page.url()).toContain(`#/event/${second}`);
    await page.keyboard.press('Escape');
    await page.locator('.reads').waitFor();
    await expect.poll(() => focusedRow(page)).toBe(second);
  });

  it('goes to the search by /, and shows the keys by ?', async () => {
    const page = await visits.visit('#/live');
    await page.locator('.row').first().waitFor();
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog', { name: 'Keys' }).innerText()).toContain('Next read in the list');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.locator('.search-box:focus').waitFor();
    await page.keyboard.type('/?j');
    expect(await page.getByRole('searchbox').inputValue()).toBe('/?j');
  });
});

describe('the colours', () => {
  it('follow the system until one is chosen, and the choice is remembered', async () => {
    const page = await visits.visit('#/live', { colorScheme: 'dark' });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await ground();
    await page.getByRole('button', { name: /^Colours: as the system/ }).click();
    await expect.poll(ground).not.toBe(dark);
    await page.reload();
    await page.getByRole('button', { name: /^Colours: light/ }).waitFor();
    expect(await ground()).not.toBe(dark);
  });
});
