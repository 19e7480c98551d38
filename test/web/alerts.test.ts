import { beforeAll, describe, expect, test } from 'vitest';
import { pushSubscriptionSchema } from '../../src/contract/api/channels.ts';
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

describe('reads that rules matched', () => {
  test('are marked in every list and on their own, and the stream corrects the marks', async () => {
    const page = await visits.visit('#/live');
    const asked: string[] = [];
    page.on('request', (request) => request.url().includes('/alerts/of-events') && asked.push(request.url()));
    const row = page.locator('.row', { hasText: 'AA11AAA' });
    await row.locator('.mark').waitFor();
    expect(await row.locator('.mark').innerText()).toMatch(/^\s*Rule rule-0\s+critical$/);
    expect(await page.locator('.row .mark').count()).toBe(3);
    await inspect(page, 'live-marks');

    const [, , third] = events;
    if (!third) throw new Error('expected three events');
    const withdrawn = {
      ...makeAlert({ alert_id: idOf(2), event: third, rule: 'rule-2' }),
      revision: 2,
      status: 'withdrawn',
    } as const;
    await visits.back.bus.publish('alerts', [withdrawn]);
    await page.locator('.row', { hasText: 'CC33CCC' }).locator('.mark-withdrawn').waitFor();
    await page.goto(`${visits.back.url}/#/event/${third.event_id}`);
    await page.locator('.headline .mark-withdrawn').waitFor();
    await page.goto(`${visits.back.url}/#/search?q=BB22BBB`);
    await page.locator('.row .mark', { hasText: 'Rule rule-1' }).waitFor();
    // One for the list, at most one for each reading again; none for what is known.
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(visits.faults).toEqual([]);
  });
});

describe('telling of new alerts', () => {
  test('counts, sounds and is spoken as they come; only urgent ones unless all are wanted', async () => {
    const page = await visits.visit('#/alerts');
    await page.evaluate(`window.tones = 0;
      const { start } = AudioScheduledSourceNode.prototype;
      OscillatorNode.prototype.start = function (at) { window.tones += 1; start.call(this, at); };`);
    const tones = () => page.evaluate('window.tones');
    const [{ open: before } = { open: 0 }] = await visits.back.sql.query<{ open: number }>(
      'SELECT count(*)::int AS open FROM alerts WHERE acknowledged_at IS NULL',
    );
    await page.getByLabel('Sound for new alerts').check();
    const tell = async (number: number, severity: 'info' | 'critical') => {
      const event = createEvent({ number, at: Date.now(), text: 'EE55EEE' });
      const alert = makeAlert({ alert_id: `01900000-0000-5000-8000-0000000001${number}`, event, severity });
      await visits.back.bus.publish('alerts', [alert]);
    };
    await tell(23, 'info');
    await expect.poll(() => page.locator('.open-count [aria-hidden]').textContent()).toBe(String(before + 1));
    expect(await tones()).toBe(0);
    await tell(26, 'critical');
    await expect.poll(tones).toBe(2);
    await page.getByLabel('also for those that only inform').check();
    await tell(29, 'info');
    await expect.poll(tones).toBe(4);
    await page.getByText('New alert, info: Rule watched, E E 5 5 E E E').waitFor({ state: 'attached' });
    expect(visits.faults).toEqual([]);
  });

  test('a browser that asks for it is told while the page is closed', async () => {
    const page = await visits.visit('#/alerts');
    await page.getByText(/^Browsers are told only through a channel/).waitFor();
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    // There is no push service here: the browser's part is played, the API's part is real but for who asks.
    const keys = { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) };
    const made = { endpoint: 'https://push.example/1', keys };
    await page.evaluate(`PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => ({
      toJSON: () => ({ ...${JSON.stringify(made)}, expirationTime: null, asked: [applicationServerKey, userVisibleOnly] }) })`);
    const posted: unknown[] = [];
    await page.route('**/push/subscriptions', (route) => {
      posted.push(route.request().postDataJSON());
      return route.fulfill({ status: 204 });
    });
    await page.getByRole('button', { name: 'Tell this browser' }).click();
    await expect.poll(() => posted).toEqual([made]);
    expect(pushSubscriptionSchema.parse(posted[0])).toEqual(made);

    // A page that is there when a notification is clicked shows what it is about.
    await page.reload();
    const [worker] = page.context().serviceWorkers();
    if (!worker) throw new Error('expected the service worker');
    // Nor may a browser without a screen show notifications.
    await worker.evaluate(`ServiceWorkerRegistration.prototype.showNotification = async (...given) => { self.shown = given; };
      WindowClient.prototype.focus = async () => undefined;`);
    const browser = await page.context().newCDPSession(page);
    const found = new Promise<string>((resolve) => {
      browser.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        for (const { registrationId } of registrations) resolve(registrationId);
      });
    });
    await browser.send('ServiceWorker.enable');
    const message = {
      title: 'Wanted',
      body: 'AA11AAA at the gate',
      tag: idOf(0),
      kind: 'raised',
      severity: 'critical',
      event_id: events[0]?.event_id,
    };
    const given = { origin: visits.back.url, registrationId: await found };
    await browser.send('ServiceWorker.deliverPushMessage', { ...given, data: JSON.stringify(message) });
    await expect
      .poll(() => worker.evaluate('self.shown'))
      .toMatchObject([
        'Wanted',
        { body: 'AA11AAA at the gate', tag: idOf(0), renotify: true, requireInteraction: true },
      ]);
    await worker.evaluate(`self.dispatchEvent(Object.assign(new Event('notificationclick'), {
      notification: { close() {}, data: self.shown[1].data }, waitUntil() {} }))`);
    await page.waitForURL(`**/#/event/${events[0]?.event_id}`);
    expect(visits.faults).toEqual([]);
  });
});
