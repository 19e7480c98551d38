import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { CameraStatus } from '../../src/contract/live.ts';
import { messages } from '../../src/web/languages/en/messages.ts';
import { arrangeWall } from '../../src/web/live/arrange-wall.ts';
import { countDown } from '../../src/web/trouble.ts';
import { createWords } from '../../src/web/words.ts';
import { chooseCases } from '../thorough.ts';
import { createCamera } from './generated-events.ts';
import { PHONE, Visits } from './visits.ts';

const AT = Date.parse('2026-03-01T12:00:00.000Z');
const DESKTOP = { viewport: { width: 1440, height: 900 } };
const TABLET = { viewport: { width: 700, height: 900 } };
const UPRIGHT = { width: 540, height: 960 };
const ENDED = { state: 'ended', message: 'The end of the file was reached.' } as const;
const FAILED = { state: 'failed', message: 'The file /videos/a.mp4 does not exist.' } as const;

const WORDS = createWords({ t: messages, locale: 'en-GB', zone: 'UTC' });

type Cameras = Readonly<Record<string, Partial<CameraStatus>>>;
type Window = Readonly<{ viewport: { width: number; height: number } }>;

const visits = new Visits();

/** The wall of these cameras, which need not be in the order of their ids. */
async function visitWall(cameras: Cameras, options: object = DESKTOP) {
  visits.server.api.cameras = Object.entries(cameras).map(([id, other]) => createCamera(id, AT, other));
  const page = await visits.visit('#/live', options);
  if (visits.server.api.cameras.length > 0) await page.locator('.tile').first().waitFor();
  await page.locator('.row').first().waitFor();
  return page;
}

const namesOf = (page: Page) => page.locator('.tile h2').allInnerTexts();
const boxOf = async (page: Page, selector: string) => {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not shown`);
  return { ...box, right: box.x + box.width, bottom: box.y + box.height };
};

describe('the arrangement of the wall', () => {
  const camerasOf = (others: Cameras) => Object.entries(others).map(([id, other]) => createCamera(id, AT, other));

  it.each([
    ['two that run', { b: {}, a: {} }, 'b', 'b'],
    ['an upright one before others', { b: UPRIGHT, a: {} }, 'a', 'a'],
    ['one that has ended before others', { c: ENDED, b: {}, a: {} }, 'b', 'b'],
    ['one that failed before others', { c: FAILED, b: {}, a: {} }, 'b', 'b'],
    ['one that has ended and an upright one', { b: ENDED, a: UPRIGHT }, undefined, 'a'],
    ['none that runs', { b: FAILED, a: ENDED }, undefined, 'b'],
    ['four that run', { d: ENDED, c: UPRIGHT, b: {}, a: {} }, undefined, 'b'],
    ['one alone', { a: {} }, undefined, 'a'],
  ])('of %s has a running one large, or none, and one that runs first', (_name, others, large, first) => {
    expect(arrangeWall(camerasOf(others), undefined)).toMatchObject({ large, first });
  });

  it('makes any camera large that is picked, and none when the large one is picked', () => {
    const cameras = camerasOf({ b: {}, a: FAILED });
    expect(arrangeWall(cameras, 'a').large).toBe('a');
    expect(arrangeWall(cameras, null).large).toBeUndefined();
    expect(arrangeWall(cameras, 'gone').large).toBe('b');
  });
});

describe('the wall', () => {
  it('gives one camera the whole width', async () => {
    const page = await visitWall({ gate: {} });
    const [wall, tile] = [await boxOf(page, '.wall'), await boxOf(page, '.tile')];
    expect(tile.width).toBeGreaterThan(wall.width - 20);
    expect(tile.bottom).toBeLessThanOrEqual(wall.bottom);
  });

  it('keeps the order of the API, also for a camera that comes later', async () => {
    const page = await visitWall({ d: {}, c: {}, a: {}, e: {} });
    expect(await namesOf(page)).toEqual(['d', 'c', 'a', 'e']);
    const later = createCamera('b', AT);
    visits.server.api.cameras = [
      ...visits.server.api.cameras.slice(0, 1),
      later,
      ...visits.server.api.cameras.slice(1),
    ];
    visits.server.send('camera', later);
    await expect.poll(() => namesOf(page)).toEqual(['d', 'b', 'c', 'a', 'e']);
  });

  it.each(
    chooseCases<readonly [string, Cameras]>(
      [
        ['six', { a: FAILED, b: FAILED, c: {}, d: FAILED, e: FAILED, f: FAILED }],
        ['three', { a: FAILED, b: {}, c: FAILED }],
        ['nine', { a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}, h: {}, i: FAILED }],
      ],
      0,
      2,
    ),
  )('of %s cameras shows each without scrolling, with the reason why one is down', async (_count, cameras) => {
    const page = await visitWall(cameras);
    for (const id of Object.keys(cameras)) {
      const tile = await boxOf(page, `[data-camera=${id}]`);
      expect(tile.bottom, `end of the tile of ${id}`).toBeLessThanOrEqual(900);
      expect(tile.height, `height of the tile of ${id}`).toBeGreaterThanOrEqual(120);
    }
    const down = page.locator('.tile-still');
    expect(await down.count()).toBe(Object.values(cameras).filter((camera) => 'state' in camera).length);
    expect(await down.last().innerText()).toContain('does not exist');
  });

  it('names each camera that is down above the tiles, however many there are', async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`cam-${at}`, at > 26 ? FAILED : {}]));
    for (const options of [DESKTOP, PHONE]) {
      const page = await visitWall(many, options);
      const names = page.locator('.down-cameras button');
      expect((await names.allInnerTexts()).map((text) => text.split(/\s/)[0])).toEqual(['cam-27', 'cam-28', 'cam-29']);
      const box = await boxOf(page, '.down-cameras');
      expect(box.bottom).toBeLessThan(page.viewportSize()?.height ?? 0);
    }
  });

  it.each(
    chooseCases<readonly [string, Partial<CameraStatus>]>(
      [
        ['that has ended', ENDED],
        ['whose picture is upright', UPRIGHT],
      ],
      1,
    ),
  )('does not put a camera %s first on a phone, nor makes it the largest', async (_name, other) => {
    const cameras = { first: other, second: {}, third: {} };
    const phone = await visitWall(cameras, PHONE);
    const [left, right] = [await boxOf(phone, '[data-camera=second]'), await boxOf(phone, '[data-camera=first]')];
    expect(left.x).toBeLessThan(right.x);
    expect(right.height).toBeLessThanOrEqual(left.height);
    const desktop = await visitWall(cameras);
    const [large, small] = [await boxOf(desktop, '[data-camera=second]'), await boxOf(desktop, '[data-camera=first]')];
    expect(small.width * small.height).toBeLessThan((large.width * large.height) / 2);
  });

  it.each(
    chooseCases<readonly [string, Cameras, Window]>(
      [
        ['one camera on a desktop', { gate: {} }, DESKTOP],
        ['six on a desktop', { a: {}, b: {}, c: {}, d: {}, e: {}, gate: FAILED }, DESKTOP],
        ['one on a phone', { gate: {} }, PHONE],
        ['two on a phone', { gate: {}, yard: {} }, PHONE],
      ],
      1,
      3,
    ),
  )('fills the window with any tile of %s, until Esc or a click', async (_name, cameras, options) => {
    const page = await visitWall(cameras, options);
    const tile = page.locator('[data-camera=gate]');
    const { width, height } = options.viewport ?? DESKTOP.viewport;
    const before = await tile.boundingBox();
    await tile.getByRole('button', { name: /^Fill the window/ }).click();
    await expect.poll(() => tile.boundingBox()).toEqual({ x: 0, y: 0, width, height });
    await page.keyboard.press('Escape');
    await expect.poll(() => tile.boundingBox()).toEqual(before);
    await tile.getByRole('button', { name: /^Fill the window/ }).click();
    await tile.getByRole('button', { name: /^Leave the full window/ }).click();
    await expect.poll(() => tile.boundingBox()).toEqual(before);
    expect(page.url()).toContain('#/live');
  });

  it('makes a tile among many large by a click on it', async () => {
    const page = await visitWall({ a: {}, b: {}, c: {}, d: {}, e: {} });
    const tile = page.locator('[data-camera=d]');
    const before = await boxOf(page, '[data-camera=d]');
    await tile.click();
    await expect.poll(async () => (await boxOf(page, '[data-camera=d]')).width).toBeGreaterThan(before.width * 2);
    await tile.click();
    await expect.poll(async () => (await boxOf(page, '[data-camera=d]')).width).toBe(before.width);
  });

  it('never says that nothing is in view', async () => {
    const page = await visitWall({ gate: {} });
    expect(await page.locator('.tile').innerText()).toContain('no plate found');
    expect(await page.locator('.tile').innerText()).not.toContain('nothing in view');
    visits.server.move(9);
    await expect.poll(() => page.locator('.tile').innerText()).toContain('1 plate found');
  });

  it.each(
    chooseCases<readonly [string, Window]>(
      [
        ['a desktop', DESKTOP],
        ['a phone', PHONE],
      ],
      1,
    ),
  )('says on %s what to do when there is no camera', async (_name, options) => {
    const page = await visitWall({}, options);
    const wall = await page.locator('.wall').innerText();
    expect(wall).toContain('No cameras yet.');
    expect(wall).toMatch(/alpr\.yaml[\s\S]*cameras:\s+- id: gate[\s\S]*alpr doctor[\s\S]*npm start/);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(options.viewport?.width);
  });
});

describe('cameras that are down', () => {
  it.each(
    chooseCases<readonly [string, Window]>(
      [
        ['a desktop', DESKTOP],
        ['a narrow window', TABLET],
        ['a phone', PHONE],
      ],
      1,
    ),
  )('are counted in the top bar on %s, which leads to System', async (_name, options) => {
    const cameras = { a: FAILED, b: FAILED, c: {}, d: FAILED, e: FAILED, yard: {} };
    const page = await visitWall(cameras, options);
    const link = page.locator('.top').getByRole('link', { name: '5 of 6 cameras are down' });
    await link.waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(options.viewport?.width);
    const [bar, box] = [await boxOf(page, '.top'), await boxOf(page, '.top .down')];
    expect(box.bottom).toBeLessThanOrEqual(bar.bottom);
    await link.click();
    await page.locator('.camera-card').first().waitFor();
  });

  it.each([
    [['failed', 'running'], '1 of 2 cameras is down'],
    [['retrying', 'failed'], '2 of 2 cameras are down'],
    [['failed'], 'The camera is down'],
    [['running', 'connecting', 'ended'], undefined],
    [[], undefined],
  ])('in the states %j are told as %j', (states, words) => {
    expect(
      countDown(
        states.map((state) => ({ state })),
        WORDS,
      ),
    ).toBe(words);
  });

  it('are not counted while all run, are opened, or have ended', async () => {
    const page = await visitWall({ a: {}, b: ENDED, c: { state: 'connecting', message: 'Opening the stream.' } });
    expect(await page.locator('.down, .down-cameras').count()).toBe(0);
  });

  it('and parts that do not answer are why System is degraded', async () => {
    visits.server.api.cameras = [createCamera('gate', AT), createCamera('yard', AT), createCamera('lot', AT, FAILED)];
    visits.server.api.database = { ok: false, kind: 'postgres' };
    const page = await visits.visit('#/system', DESKTOP);
    await expect
      .poll(() => page.locator('.reasons li').allInnerTexts())
      .toEqual(['The database does not answer.', '2 of 3 cameras are down: Yard exit, lot.']);
    const phone = await visits.visit('#/system', PHONE);
    await phone.locator('.reasons li').first().waitFor();
    expect((await boxOf(phone, '.reasons')).bottom).toBeLessThan(844);
    visits.server.api.cameras = [createCamera('gate', AT)];
    visits.server.api.database = { ok: true, kind: 'postgres' };
    await expect.poll(() => page.locator('.reasons li').count(), { timeout: 8_000 }).toBe(0);
  });
});
