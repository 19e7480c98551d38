import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { THOROUGH } from '../thorough.ts';
import { KEEPS_PICTURES, keepPicture, setScheme, waitForPictures } from './looks.ts';
import { PHONE, Visits } from './visits.ts';

const DESKTOP = { width: 1440, height: 900 };

/** Every screen: its address, and what is there once it has come. */
const SCREENS: Readonly<
  Record<string, Readonly<{ hash: string; ready: string; act?: (page: Page) => Promise<void> }>>
> = {
  live: { hash: '#/live', ready: '.row' },
  read: {
    hash: '#/event/01990000-0000-7000-8000-000000000002',
    ready: '.others .row',
    act: async (page) => {
      await page.locator('.way-panel summary').click();
      await page.locator('.way-step').first().waitFor();
    },
  },
  search: { hash: '#/search', ready: '.suggestions a' },
  found: { hash: '#/search?q=ABBX1C9', ready: '.row' },
  system: {
    hash: '#/system',
    ready: '.log-line',
    act: async (page) => {
      await page.getByLabel('Id of the event or trace').fill('01990000-0000-7000-8000-000000000002');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.locator('.way-step').first().waitFor();
    },
  },
  cameras: { hash: '#/cameras', ready: 'tbody tr' },
  health: { hash: '#/health', ready: 'tbody tr' },
  'health-camera': {
    hash: '#/health/gate',
    ready: '.chart canvas',
    act: async (page) => {
      await page.getByText('As a table').first().click();
      await page.getByRole('slider', { name: 'Share read' }).focus();
      await page.keyboard.press('ArrowLeft');
    },
  },
  models: { hash: '#/models', ready: '.difference' },
  'models-promote': {
    hash: '#/models',
    ready: '.difference',
    act: async (page) => {
      await page.getByRole('button', { name: 'Promote version 3' }).click();
      await page.getByText('All cameras will run it').waitFor();
    },
  },
  account: { hash: '#/account', ready: '.session' },
  'account-qr': {
    hash: '#/account',
    ready: '.session',
    act: async (page) => {
      await page.getByLabel('Your password').fill('the gate is always open');
      await page.getByRole('button', { name: 'Turn on' }).click();
      await page.locator('.qr-code').waitFor();
    },
  },
  people: { hash: '#/people', ready: 'tbody tr' },
  'people-add': {
    hash: '#/people',
    ready: 'tbody tr',
    act: async (page) => {
      await page.getByRole('button', { name: 'Add a person' }).click();
      await page.getByRole('radio', { name: 'only these:' }).check();
    },
  },
  tokens: { hash: '#/tokens', ready: 'tbody tr' },
  'tokens-new': {
    hash: '#/tokens',
    ready: 'tbody tr',
    act: (page) => page.getByRole('button', { name: 'Create a token' }).click(),
  },
  audit: { hash: '#/audit', ready: 'tbody tr' },
  'audit-summary': {
    hash: '#/audit',
    ready: 'tbody tr',
    act: async (page) => {
      await page.getByRole('button', { name: 'By person' }).click();
      await page.locator('.table-counts').waitFor();
    },
  },
  'audit-alarms': {
    hash: '#/audit',
    ready: 'tbody tr',
    act: async (page) => {
      await page.getByRole('button', { name: /Alarms/ }).click();
      await page.locator('.alarm').first().waitFor();
    },
  },
  'audit-chain': {
    hash: '#/audit',
    ready: 'tbody tr',
    act: async (page) => {
      await page.getByRole('button', { name: 'Integrity' }).click();
      await page.locator('.sign').waitFor();
    },
  },
  menu: { hash: '#/live', ready: '.row', act: (page) => page.getByRole('button', { name: 'Menu of ada' }).click() },
  keys: { hash: '#/system', ready: '.camera-card', act: (page) => page.keyboard.press('?') },
};

/** The ways in: who is not signed in sees no other screen. */
const ENTRANCES: Readonly<Record<string, Readonly<{ hash: string; setUp: boolean }>>> = {
  'sign-in': { hash: '#/live', setUp: true },
  'set-up': { hash: 'setup#token=one-time', setUp: false },
};

/** What axe is asked about a look: all of its rules once, and again those that depend on the look. */
const LOOKS = {
  dark: '{ resultTypes: ["violations"] }',
  light: '{ runOnly: ["color-contrast"], resultTypes: ["violations"] }',
  narrow: '{ runOnly: ["scrollable-region-focusable"] }',
  phone: '{ runOnly: ["scrollable-region-focusable"] }',
} as const;

type Device = Readonly<{ looks: readonly (keyof typeof LOOKS)[]; options: BrowserContextOptions }>;

const DEVICES: readonly (readonly [string, Device])[] = [
  [
    'a desktop in the dark and in the light, in a wide and in a narrow window',
    { looks: ['dark', 'light', 'narrow'], options: { viewport: DESKTOP } },
  ],
  // Besides its width, a telephone has touch and a way of its own to lay out a page.
  ...(THOROUGH ? [['a phone', { looks: ['phone'], options: PHONE }] as const] : []),
];

const visits = new Visits();

type Violation = Readonly<{ id: string; nodes: readonly Readonly<{ html: string; failureSummary: string }>[] }>;

/** What axe finds against WCAG 2.2 AA and good practice, each with the element. */
async function findViolations(page: Page, rules: string): Promise<readonly string[]> {
  const found = (await page.evaluate(
    `axe.run(document, ${rules}).then(({ violations }) => violations)`,
  )) as readonly Violation[];
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** Each look, or in `npm test` the first and one of the others in turn. */
function turnLooks(looks: Device['looks'], turn: number): Device['looks'] {
  const [first, ...others] = looks;
  if (THOROUGH || KEEPS_PICTURES || first === undefined || others.length < 2) return looks;
  return [first, ...others.filter((_, at) => at === turn % others.length)];
}

async function checkScreen(page: Page, name: string, looks: Device['looks']): Promise<void> {
  await waitForPictures(page);
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  for (const look of looks) {
    // Nobody has keys to be told about where the window is that narrow.
    if (name === 'keys' && look === 'narrow') continue;
    const viewport = look === 'narrow' || look === 'phone' ? PHONE.viewport : DESKTOP;
    await page.setViewportSize(viewport);
    await setScheme(page, look === 'light' ? 'light' : 'dark');
    await keepPicture(page, `${name}-${look}`);
    const shown = () => page.evaluate('document.documentElement.scrollWidth');
    await expect.poll(shown, { message: `width of ${name}, ${look}` }).toBe(viewport.width);
    expect.soft(await findViolations(page, LOOKS[look]), `accessibility of ${name}, ${look}`).toEqual([]);
    expect.soft(visits.faults, `faults of ${name}, ${look}`).toEqual([]);
  }
  if (looks.includes('narrow')) await page.setViewportSize(DESKTOP);
}

describe.each(DEVICES)('on %s', (_name, { looks, options }) => {
  test('every screen is accessible, fits, and has no error, refused content or foreign request', async () => {
    const page = await visits.visit('#/live', options);
    let isUsed = false;
    for (const [turn, [name, { hash, ready, act }]] of Object.entries(SCREENS).entries()) {
      // A phone has no keys to be told about.
      if (name === 'keys' && 'isMobile' in options) continue;
      if (isUsed) {
        await page.goto('about:blank');
        await page.goto(`${visits.server.url}/${hash}`);
      } else await page.evaluate(`location.hash = '${hash}'`);
      await page.locator(ready).first().waitFor();
      visits.server.move(9);
      await act?.(page);
      isUsed = act !== undefined;
      await checkScreen(page, name, turnLooks(looks, turn));
    }
  }, 120_000);

  test('so is the way in', async () => {
    for (const [name, { hash, setUp }] of Object.entries(ENTRANCES)) {
      Object.assign(visits.server.accounts, { who: null, setUp });
      const page = await visits.visit(hash, options);
      await page.locator('form').waitFor();
      await checkScreen(page, name, looks);
    }
  }, 60_000);
});

test('every language fits from a phone to a desk', async () => {
  for (const locale of ['de-DE', 'es-ES', 'pt-BR', 'fr-FR']) {
    const page = await visits.visit('#/live', { locale });
    await page.locator('.top .down').waitFor();
    for (const width of [390, 641, 1000, 1361]) {
      await page.setViewportSize({ width, height: 844 });
      const shown = await page.evaluate('document.documentElement.scrollWidth');
      expect.soft(shown, `${locale} in a window of ${width}`).toBe(width);
      if (width > 390) continue;
      for (const link of await page.locator('.screens a').all()) {
        const [outer, label] = [await link.boundingBox(), await link.locator('.screen-short').boundingBox()];
        if (!outer || !label) throw new Error('expected a link with a name');
        const isWithin = [label.x >= outer.x, label.x + label.width <= outer.x + outer.width];
        expect.soft(isWithin, `${locale}, ${await link.innerText()}`).toEqual([true, true]);
        expect.soft(label.height, `${locale}, in one line`).toBeLessThan(22);
      }
    }
  }
}, 60_000);

test('the page can be installed, shows its own page while the server is away, and keeps nothing else', async () => {
  const page = await visits.visit('#/live');
  await page.locator('.row').first().waitFor();
  const manifest = await (await page.request.get(`${visits.server.url}/manifest.webmanifest`)).json();
  expect(manifest).toMatchObject({ start_url: './#/live', display: 'standalone' });
  for (const { src, sizes } of manifest.icons) {
    const icon = await page.evaluate(`(async () => {
      const bitmap = await createImageBitmap(await (await fetch('${src}')).blob());
      return bitmap.width + 'x' + bitmap.height;
    })()`);
    expect(icon).toBe(sizes);
  }
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await page.reload();
  await page.locator('.row').first().waitFor();
  const kept = await page.evaluate(`(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map(({ url }) => new URL(url).pathname);
  })()`);
  expect(kept).toEqual(['/offline.html', '/offline.css']);
  await visits.server.stop();
  await page.reload();
  await page.getByText('The server cannot be reached.').waitFor();
});
