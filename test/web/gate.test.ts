import { beforeAll, expect, test } from 'vitest';
import { insertAlert, makeAlert } from '../store/make-alert.ts';
import { createEvent } from './generated-events.ts';
import { inspect, RealVisits } from './real-visits.ts';
import { PHONE } from './visits.ts';

const visits = new RealVisits();
const known = createEvent({ number: 2, at: Date.now() - 120_000, text: 'AA11AAA' });
const alert = makeAlert({ alert_id: '01900000-0000-5000-8000-000000000001', event: known, rule: 'staff' });
const camera = known.camera_id;

beforeAll(async () => {
  const { sql } = visits.back;
  await visits.publish([known]);
  await insertAlert(sql, alert);
  const gate = { id: 'gate', name: 'Gate controller', kind: 'webhook', url: 'https://example.org/', opens: true };
  await sql.query(`INSERT INTO alert_channels (id, channel, origin, changed_by) VALUES ('gate', $1, 'page', 'Ada')`, [
    JSON.stringify(gate),
  ]);
});

const sent = () =>
  visits.back.sql.query<{ why: string }>(`SELECT alert->>'why' AS why FROM alert_deliveries ORDER BY id`);

test('a guard sees who stands at the gate and whether they are allowed, as it comes', async () => {
  const page = await visits.visit(`#/gate/${camera}`, { ...PHONE, permissions: ['events:read', 'images', 'gate'] });
  await page.locator('.gate-allowed', { hasText: 'Blue van' }).waitFor();
  expect(await page.locator('.gate-read .plate').getAttribute('data-text')).toBe('AA11AAA');
  await inspect(page, 'gate');
  await page.getByText('Which rules allow').click();
  const rule = page.getByLabel('Rule staff');
  await rule.check();

  const stranger = createEvent({ number: 5, at: Date.now(), text: 'ZZ99ZZZ' });
  await visits.publish([{ ...stranger, camera_id: camera }]);
  await page.locator('.gate-read .plate[data-text="ZZ99ZZZ"]').waitFor();
  await page.getByText('Not on a list').waitFor();
  const late = makeAlert({
    alert_id: '01900000-0000-5000-8000-000000000002',
    event: { ...stranger, camera_id: camera },
  });
  await visits.back.bus.publish('alerts', [late]);
  await visits.back.bus.publish('alerts', [
    { ...late, alert_id: '01900000-0000-5000-8000-000000000003', rule: alert.rule },
  ]);
  await page.locator('.gate-allowed').waitFor();
  await visits.back.bus.publish('alerts', [
    { ...late, alert_id: '01900000-0000-5000-8000-000000000003', rule: alert.rule, revision: 2, status: 'withdrawn' },
  ]);
  // The other rule found an entry too, and was not chosen.
  await page.getByText('Not on a list').waitFor();
  await page.reload();
  await page.getByText('Which rules allow').click();
  expect(await rule.isChecked()).toBe(true);
  expect(visits.faults).toEqual([]);
});

test('opens only when the button is held, or pressed twice by keyboard', async () => {
  const page = await visits.visit(`#/gate/${camera}`, { permissions: ['events:read', 'gate'], name: 'Grace' });
  const button = page.getByRole('button', { name: 'Open' });
  await button.click();
  await page.getByLabel('Reason').fill('Ambulance');
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByText('Press Enter again to open').waitFor();
  expect(await sent()).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText('The opening was handed to “Gate controller”.').waitFor();
  expect(await sent()).toEqual([{ why: 'Grace opens the gate: Ambulance' }]);
  await button.click({ delay: 1300 });
  await expect.poll(async () => (await sent()).length).toBe(2);
  expect(visits.faults).toEqual([]);
});
