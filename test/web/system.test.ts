import { expect, test } from 'vitest';
import { PHONE, Visits } from './visits.ts';

const visits = new Visits();
const EVENT = '01990000-0000-7000-8000-000000000002';

test('the System screen shows services and processes, stops one, follows the log and finds the way of an event', async () => {
  const page = await visits.visit('#/system');
  const ingest = page.locator('[data-service=ingest]');
  await ingest.getByText('restarted 2 times').waitFor();
  expect(await page.locator('[data-service=serve]').innerText()).toContain('disk: It is full');
  expect(await page.locator('[data-service=serve] button').count()).toBe(0);
  expect(await page.locator('[data-service=alerts]').getByRole('button').allInnerTexts()).toEqual(['Start']);
  expect(await page.locator('[data-process=edge]').innerText()).toMatch(
    /silent[\s\S]*12 waiting, 48 kB, 15 minutes ago/,
  );
  expect(await page.locator('[data-process=start]').innerText()).toContain('ingest: 2,345');

  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await ingest.getByRole('button', { name: 'Stop: ingest' }).click();
  await page.getByRole('dialog').getByText('waits until somebody starts it again').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  expect(new URL((await sent).url()).pathname).toBe('/system/services/ingest/stop');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  const lines = page.locator('.log-line');
  await expect.poll(() => lines.allInnerTexts()).toHaveLength(2);
  await page.getByLabel('From level').selectOption('warn');
  await expect
    .poll(() => lines.allInnerTexts())
    .toEqual([expect.stringContaining('warn the broker is away  attempt=3')]);

  await page.getByLabel('Id of the event or trace').fill(EVENT.replaceAll('-', ''));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  const steps = page.locator('.way-step');
  await steps.first().waitFor();
  const told = await steps.allInnerTexts();
  expect(told.at(0)).toContain('First frame with the plate');
  expect(told.at(-1)).toMatch(/Taken by the channel[\s\S]*after 2\.8 s[\s\S]*gate-mail/);
  expect(visits.faults).toEqual([]);
});

test('a read shows its way when somebody opens it, by the keys and on a phone', async () => {
  const page = await visits.visit(`#/event/${EVENT}`, PHONE);
  const summary = page.locator('.way-panel summary');
  await summary.waitFor();
  expect(await page.locator('.way-step').count()).toBe(0);
  await summary.focus();
  await page.keyboard.press('Enter');
  await page.locator('.way-step').first().waitFor();
  const bars = await page
    .locator('.way-bar rect')
    .evaluateAll((all) =>
      all.map((one) => [Number(one.getAttribute('x')), Number(one.getAttribute('width'))] as const),
    );
  expect(bars.every(([x, width]) => x >= 0 && width >= 1 && x + width <= 100.5)).toBe(true);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(visits.faults).toEqual([]);
});
