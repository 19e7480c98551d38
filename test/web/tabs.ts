import type { BrowserContextOptions } from 'playwright-core';
import { openPage, shareBrowser, type WatchedPage } from './browser.ts';

type Tab = WatchedPage & Readonly<{ key: string; options: BrowserContextOptions }>;

/** Pages of a test file. One that a test has left serves the next that wants such a page: a fresh one takes far longer to load. */
export class Tabs implements AsyncDisposable {
  #used: Tab[] = [];
  readonly #idle = new Map<string, Tab>();

  /** A page at that address, without anything of an earlier test but what the browser may keep for faster loading. */
  async open(address: string, { extraHTTPHeaders = {}, ...options }: BrowserContextOptions = {}): Promise<WatchedPage> {
    const key = JSON.stringify(options);
    const idle = this.#idle.get(key);
    if (idle === undefined) {
      const fresh = await openPage(await shareBrowser(), address, { ...options, extraHTTPHeaders });
      this.#used.push({ ...fresh, key, options });
      return fresh;
    }
    this.#idle.delete(key);
    this.#used.push(idle);
    await idle.page.context().setExtraHTTPHeaders(extraHTTPHeaders);
    await idle.page.goto(address);
    return idle;
  }

  /** Ends what the test did with its pages. */
  async leave(): Promise<void> {
    for (const tab of this.#used.splice(0)) {
      if (this.#idle.has(tab.key) || tab.page.isClosed()) await tab.page.context().close();
      else await this.#clean(tab);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
    for (const { page } of this.#idle.values()) await page.context().close();
    this.#idle.clear();
  }

  async #clean(tab: Tab): Promise<void> {
    const { page, faults, key, options } = tab;
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.evaluate('localStorage.clear(); sessionStorage.clear()').catch(() => undefined);
    await page.goto('about:blank');
    await page.context().clearPermissions();
    await page.emulateMedia({ media: null, colorScheme: options.colorScheme ?? 'dark' });
    await page.setViewportSize(options.viewport ?? { width: 1280, height: 720 });
    faults.length = 0;
    this.#idle.set(key, tab);
  }
}
