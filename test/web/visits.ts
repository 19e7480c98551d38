import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openBrowser, openPage } from './browser.ts';
import { type BuiltPage, buildPage } from './build-page.ts';
import { GeneratedApi } from './generated-api.ts';
import { PageServer } from './page-server.ts';

/** A telephone of common size. */
export const PHONE = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
} satisfies BrowserContextOptions;

/** The page as the tests of a file visit it: built once, and before each test served by a server of its own. */
export class Visits {
  /** What the last page opened should not have done. */
  faults: string[] = [];
  #built: BuiltPage | undefined;
  #browser: Browser | undefined;
  #server: PageServer | undefined;
  #open: Page[] = [];

  constructor() {
    beforeAll(async () => {
      [this.#built, this.#browser] = await Promise.all([buildPage(), openBrowser()]);
    });
    afterAll(async () => {
      await this.#browser?.close();
      await this.#built?.[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      const api = new GeneratedApi({ events: 60, now: Date.now() });
      this.#server = new PageServer(api, this.#built?.folder ?? '');
      await this.#server.start();
    });
    afterEach(async () => {
      await Promise.all(this.#open.map((page) => page.context().close()));
      this.#open = [];
      await this.#server?.stop();
    });
  }

  get server(): PageServer {
    if (this.#server === undefined) throw new Error('Expected a test to run');
    return this.#server;
  }

  /** Opens a screen of the page for whoever is signed in, or the way in. */
  async visit(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (this.#browser === undefined) throw new Error('Expected a test to run');
    const { page, faults } = await openPage(this.#browser, `${this.server.url}/${hash}`, options);
    page.setDefaultTimeout(10_000);
    this.faults = faults;
    this.#open.push(page);
    const { who } = this.server.accounts;
    if (who?.permissions.includes('events:read'))
      await expect.poll(() => this.server.listeners, { timeout: 10_000 }).toBeGreaterThan(0);
    return page;
  }
}
