import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type BuiltPage, buildPage } from './build-page.ts';
import { GeneratedApi } from './generated-api.ts';
import { PageServer } from './page-server.ts';
import { Tabs } from './tabs.ts';

/** A telephone of common size. */
export const PHONE = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
} satisfies BrowserContextOptions;

/** The page as the tests of a file visit it: built and served once, by a server that knows nothing of the test before. */
export class Visits {
  /** What the last page opened should not have done. */
  faults: string[] = [];
  readonly #tabs = new Tabs();
  #built: BuiltPage | undefined;
  #server: PageServer | undefined;

  constructor() {
    beforeAll(async () => {
      this.#built = await buildPage();
      this.#server = new PageServer(new GeneratedApi({ events: 0, now: 0 }), this.#built.folder);
    });
    afterAll(async () => {
      await this.#tabs[Symbol.asyncDispose]();
      await this.#server?.stop();
      await this.#built?.[Symbol.asyncDispose]();
    });
    beforeEach(() => this.server.renew(new GeneratedApi({ events: 60, now: Date.now() })));
    afterEach(() => this.#tabs.leave());
  }

  get server(): PageServer {
    if (this.#server === undefined) throw new Error('Expected a test to run');
    return this.#server;
  }

  /** Opens a screen of the page for whoever is signed in, or the way in. */
  async visit(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
    const { page, faults } = await this.#tabs.open(`${this.server.url}/${hash}`, options);
    page.setDefaultTimeout(10_000);
    this.faults = faults;
    const { who } = this.server.accounts;
    if (who?.permissions.includes('events:read'))
      await expect.poll(() => this.server.listeners, { timeout: 10_000 }).toBeGreaterThan(0);
    return page;
  }
}
