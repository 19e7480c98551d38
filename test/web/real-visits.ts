import { cp } from 'node:fs/promises';
import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { PERMISSIONS, type Permission } from '../../src/contract/access.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { type BackEnd, openBackEnd } from '../api/api-fixture.ts';
import { buildPage } from './build-page.ts';
import { drawStoredPicture } from './generated-pictures.ts';
import { keepPicture, setScheme } from './looks.ts';
import { Tabs } from './tabs.ts';

const ALL = Object.keys(PERMISSIONS) as Permission[];

/** The built page served by the whole back end: PostgreSQL, bus, ingest, pictures on the disk. */
export class RealVisits {
  /** What the last page opened should not have done. */
  faults: string[] = [];
  readonly #opened = new AsyncDisposableStack();
  readonly #tabs = new Tabs();
  #back: BackEnd | undefined;

  constructor() {
    beforeAll(async () => {
      const [back, built] = await Promise.all([openBackEnd(), buildPage()]);
      this.#opened.use(back);
      this.#opened.use(built);
      await cp(built.folder, back.webRoot, { recursive: true });
      this.#back = back;
    });
    afterEach(() => this.#tabs.leave());
    afterAll(async () => {
      await this.#tabs[Symbol.asyncDispose]();
      await this.#opened.disposeAsync();
    });
  }

  get back(): BackEnd {
    if (this.#back === undefined) throw new Error('Expected a test to run');
    return this.#back;
  }

  /** Events with their pictures, through the bus into the database. */
  async publish(events: readonly PlateEvent[]): Promise<void> {
    const keys = events.flatMap(({ images }) => (images ? Object.values(images).map(({ key }) => key) : []));
    for (const key of new Set(keys)) {
      const bytes = await drawStoredPicture(key);
      if (bytes) await this.back.images.put(key, bytes, 'image/jpeg');
    }
    await this.back.publish(events);
  }

  /** Opens a screen for somebody who may do this, whose name is `name`. */
  async visit(hash: string, { permissions = ALL, name = 'Ada', ...options }: Visit = {}): Promise<Page> {
    const { secret } = await createApiToken(this.back.sql, { name, permissions, scope: undefined });
    const extraHTTPHeaders = { authorization: `Bearer ${secret}` };
    const { page, faults } = await this.#tabs.open(`${this.back.url}/${hash}`, { ...options, extraHTTPHeaders });
    this.faults = faults;
    page.setDefaultTimeout(15_000);
    return page;
  }
}

type Visit = Omit<BrowserContextOptions, 'permissions'> &
  Readonly<{ permissions?: readonly Permission[]; name?: string }>;

/** What axe finds wrong on the page, each with the elements. */
async function findBarriers(page: Page, rules: readonly string[] = []): Promise<readonly string[]> {
  const runOnly = rules.length === 0 ? {} : { runOnly: { type: 'rule', values: rules } };
  const options = JSON.stringify({ ...runOnly, resultTypes: ['violations'] });
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  return page.evaluate(
    `axe.run(${options}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target)))`,
  );
}

/**
 * Holds that the screen has no barrier in the dark and in the light, where only contrasts can differ, and that nothing
 * scrolls sideways on a phone.
 */
export async function inspect(page: Page, name: string): Promise<void> {
  await setScheme(page, 'dark');
  await keepPicture(page, `${name}-dark`, 'whole');
  expect(await findBarriers(page), `${name} in the dark`).toEqual([]);
  await setScheme(page, 'light');
  await keepPicture(page, `${name}-light`, 'whole');
  expect(await findBarriers(page, ['color-contrast']), `${name} in the light`).toEqual([]);
  const { width = 1280, height = 720 } = page.viewportSize() ?? {};
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, `${name}-phone`, 'whole');
  const hidden = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(hidden, `${name} on a phone`).toBe(0);
  await page.setViewportSize({ width, height });
}
