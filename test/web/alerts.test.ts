import { beforeAll, describe, expect, test } from 'vitest';
import { insertAlert, makeAlert } from '../store/make-alert.ts';
import { createEvent } from './generated-events.ts';
import { inspect, RealVisits } from './real-visits.ts';

const visits = new RealVisits();

const events = ['AA11AAA', 'BB22BBB', 'CC33CCC'].map((text, index) =>
  createEvent({ number: 3 * index + 2, at: Date.now() - (index + 1) * 60_000, text }),
);
const idOf = (index: number) => `01900000-0000-5000-8000-00000000000${index}`;

beforeAll(async () => {
  await visits.publish(events);
  for (const [index, event] of events.entries()) {
    const severity = index === 0 ? 'critical' : 'warning';
    const alert = makeAlert({ alert_id: idOf(index), event, rule: `rule-${index}`, severity });
    const verify = index === 0;
    await insertAlert(visits.back.sql, { ...alert, rule: { ...alert.rule, verify } });
  }
});

describe('the inbox of alerts', () => {
  test('has what is open, is worked through, and looks right everywhere', async () => {
    const page = await visits.visit('#/alerts', { name: 'Grace' });
    await page.locator('.alert').first().waitFor();
    expect(await page.locator('.alert-title').allInnerTexts()).toEqual([
      expect.stringMatching(/critical\s+Rule rule-0/),
      expect.stringMatching(/warning\s+Rule rule-1/),
      expect.stringMatching(/warning\s+Rule rule-2/),
    ]);
    await inspect(page, 'alerts');
    const first = page.locator('.alert').first();
    await first.getByRole('button', { name: 'Picture and text agree' }).click();
    await first.getByText(/^Verified by Grace/).waitFor();
    await first.getByRole('button', { name: 'Yes' }).click();
    await first.locator('[aria-pressed="true"]').waitFor();
    await first.getByRole('button', { name: 'Note' }).click();
    await first.getByLabel('Note').fill('Let in');
    await first.getByLabel('Note').press('Enter');
    await first.getByText('Let in').waitFor();
    await first.getByRole('button', { name: 'Acknowledge' }).click();
    await first.getByText(/^Acknowledged by Grace/).waitFor();
    await page.reload();
    await page.locator('.alert').nth(1).waitFor();
    expect(await page.locator('.alert').count()).toBe(2);
    await page.getByLabel('Show', { exact: true }).selectOption('All');
    await expect.poll(() => page.locator('.alert').count()).toBe(3);
    await page.getByLabel('Severity').selectOption('critical');
    await expect.poll(() => page.locator('.alert').count()).toBe(1);
    expect(await page.locator('.alert').innerText()).toMatch(/Let in/);
    expect(visits.faults).toEqual([]);
  });

  test('takes an alert as it comes over the bus, and mutes what rings too often', async () => {
    const page = await visits.visit('#/alerts');
    await page.locator('.alert').nth(1).waitFor();
    const event = createEvent({ number: 20, at: Date.now(), text: 'DD44DDD' });
    const alert = makeAlert({ alert_id: idOf(7), event, rule: 'rule-7' });
    await insertAlert(visits.back.sql, alert);
    await visits.back.bus.publish('alerts', [alert]);
    await page.locator('.alert').getByText('Rule rule-7').waitFor();
    await page.locator('.alert').first().getByRole('button', { name: 'Mute' }).click();
    await page.getByLabel('What to mute').selectOption('This plate in every rule');
    await page.getByLabel('Mute for').selectOption('until someone ends it');
    await page.getByRole('dialog').getByRole('button', { name: 'Mute' }).click();
    await page.getByText('plate DD44DDD, every rule').waitFor();
    await page.getByRole('button', { name: /^End the mute/ }).click();
    await expect.poll(() => page.locator('.mutes').count()).toBe(0);
    await page.getByRole('button', { name: 'Acknowledge all shown' }).click();
    await expect.poll(() => page.getByText(/^Acknowledged by/).count()).toBe(3);
    expect(visits.faults).toEqual([]);
  });

  test('is only read by whoever may change nothing', async () => {
    const page = await visits.visit('#/alerts', { permissions: ['events:read'] });
    await page.getByLabel('Show', { exact: true }).selectOption('All');
    await page.locator('.alert').first().waitFor();
    expect(await page.locator('.alert button').count()).toBe(0);
    expect(await page.locator('.views a').allInnerTexts()).toEqual(['Alerts']);
    expect(visits.faults).toEqual([]);
  });
});

describe('lists of plates', () => {
  test('are made, filled by hand and by file, searched, and deleted', async () => {
    const page = await visits.visit('#/lists');
    await page.getByRole('button', { name: 'New list' }).click();
    await page.getByLabel('Name').fill('Night shift');
    expect(await page.getByLabel('Id in rules').inputValue()).toBe('night-shift');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'Night shift' }).click();
    await page.getByRole('button', { name: 'Add a plate' }).click();
    await page.getByRole('dialog').getByLabel('Plate', { exact: true }).fill('n-ight 1');
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Ada');
    await page.getByRole('dialog').getByLabel('Tags').fill('vip, night');
    await page.getByLabel('Only at certain times').check();
    await page.getByLabel('Sat').uncheck();
    await page.getByLabel('From', { exact: true }).fill('22:00');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('rowheader', { name: 'NIGHT1' }).waitFor();
    expect(await page.locator('tbody tr').innerText()).toMatch(/vip, night[\s\S]*Mon Tue Wed Thu Fri Sun 22:00–24:00/);

    await page.getByRole('button', { name: 'Import CSV' }).click();
    await page.getByLabel('File', { exact: true }).setInputFiles({
      name: 'more.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('plate,name\nAB1,Grace\nCD?2,Joan\n---,Nobody\n'),
    });
    await page.getByRole('button', { name: 'See what would change' }).click();
    await page.getByText('2 added').waitFor();
    expect(await page.getByText('Line 4: plate: expected at least one letter or digit').count()).toBe(1);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('The list was imported.').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
    await inspect(page, 'lists');

    await page.getByLabel('Find a plate').fill('gra');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('button', { name: 'Remove AB1' }).click();
    await page.getByText('No entry fits.').waitFor();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No lists yet.').waitFor();
    expect(visits.faults).toEqual([]);
  });
});
