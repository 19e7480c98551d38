import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openBrowser, openPage, type WatchedPage } from './browser.ts';
import { type BuiltPage, buildPage } from './build-page.ts';
import { GeneratedApi } from './generated-api.ts';
import { PageServer } from './page-server.ts';

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
  #built: BuiltPage | undefined;
  #browser: Browser | undefined;
  #server: PageServer | undefined;
  #open: (readonly [key: string, page: WatchedPage])[] = [];
  readonly #idle = new Map<string, WatchedPage>();

  constructor() {
    beforeAll(async () => {
      [this.#built, this.#browser] = await Promise.all([buildPage(), openBrowser()]);
      this.#server = new PageServer(new GeneratedApi({ events: 0, now: 0 }), this.#built.folder);
    });
    afterAll(async () => {
      await this.#browser?.close();
      await this.#server?.stop();
      await this.#built?.[Symbol.asyncDispose]();
    });
    beforeEach(() => this.server.renew(new GeneratedApi({ events: 60, now: Date.now() })));
    afterEach(async () => {
      for (const [key, watched] of this.#open) await this.#leave(key, watched);
      this.#open = [];
    });
  }

  get server(): PageServer {
    if (this.#server === undefined) throw new Error('Expected a test to run');
    return this.#server;
  }

  /** Opens a screen of the page for whoever is signed in, or the way in. */
  async visit(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (this.#browser === undefined) throw new Error('Expected a test to run');
    const key = JSON.stringify(options);
    const address = `${this.server.url}/${hash}`;
    const idle = this.#idle.get(key);
    this.#idle.delete(key);
    const watched = idle ?? (await openPage(this.#browser, address, options));
    watched.page.setDefaultTimeout(10_000);
    this.faults = watched.faults;
    this.#open.push([key, watched]);
    if (idle) await idle.page.goto(address);
    const { who } = this.server.accounts;
    if (who?.permissions.includes('events:read'))
      await expect.poll(() => this.server.listeners, { timeout: 10_000 }).toBeGreaterThan(0);
    return watched.page;
  }

  async #leave(key: string, { page, faults }: WatchedPage): Promise<void> {
    if (this.#idle.has(key) || page.isClosed()) return void (await page.context().close());
    await page.evaluate('localStorage.clear(); sessionStorage.clear()').catch(() => undefined);
    await page.goto('about:blank');
    faults.length = 0;
    this.#idle.set(key, { page, faults });
  }
}
