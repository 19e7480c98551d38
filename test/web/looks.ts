import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Whether this is `vitest --mode pictures`, which keeps pictures of the screens to be looked at. */
export const KEEPS_PICTURES = process.env.MODE === 'pictures';
const FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'screenshots');

/** Shows the page in the dark or in the light, and waits until it is drawn so. */
export async function setScheme(page: Page, colorScheme: 'dark' | 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))');
}

/** Waits for the pictures on the page; those below the fold are fetched when they come near it. */
export async function waitForPictures(page: Page): Promise<void> {
  const haveCome = '[...document.images].every((image) => image.complete || image.loading === "lazy")';
  await expect.poll(() => page.evaluate(haveCome), { timeout: 10_000 }).toBe(true);
}

/** Keeps a picture of the window or the whole page in `dist/screenshots`, where that is asked for: it takes longer than most tests. */
export async function keepPicture(page: Page, name: string, what: 'window' | 'whole' = 'window'): Promise<void> {
  if (!KEEPS_PICTURES) return;
  if (what === 'whole') await page.evaluate('window.scrollTo(0, 0)');
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: what === 'whole' });
}
