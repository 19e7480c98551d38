import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { deliveryConfigSchema } from '../../src/alerts/delivery/config.ts';
import { openDelivery } from '../../src/alerts/delivery/delivery.ts';
import { createLog } from '../../src/base/log.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { listChannels, unsealChannel } from '../../src/store/alerts/channels.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { createOpener } from '../channels/open-channel.ts';
import { openHttpSide } from '../channels/sides/http-side.ts';
import { createEvent } from './generated-events.ts';
import { inspect, RealVisits } from './real-visits.ts';

const visits = new RealVisits();
const event = createEvent({ number: 2, at: Date.now() - 60_000, text: 'AA11AAA' });

beforeAll(() => visits.publish([event]));

/** The service that sends, on the database of the page. */
async function deliver(): Promise<AsyncDisposable> {
  const { sql, images, folder } = visits.back;
  return openDelivery({
    ...{ sql, images, keyFile: await openKeyFile(join(folder, 'sign-in.key')), openChannel: createOpener() },
    ...{ telemetry: new Telemetry(), log: createLog({ level: 'silent' }) },
    config: deliveryConfigSchema.parse({ poll_ms: 100 }),
  });
}

describe('channels', () => {
  test('are made by a form, tried on a real read, changed without their secret, freed of it, and deleted', async () => {
    await using side = await openHttpSide(() => ({ body: '' }), { secure: false });
    await using _delivery = await deliver();
    const page = await visits.visit('#/channels');
    await page.getByText('No channels yet.').waitFor();
    await page.getByRole('button', { name: 'New channel' }).click();
    await page.getByLabel('Kind').selectOption('Webhook');
    await page.getByLabel('Name', { exact: true }).fill('Gate controller');
    await page.getByLabel('Address', { exact: true }).fill(side.url);
    await page.getByLabel('Secret that signs').fill(`whsec_${'A'.repeat(32)}`);
    await page.getByLabel('People may open a gate by hand through it').check();
    await inspect(page, 'channel-form');
    await page.getByRole('button', { name: 'Save' }).click();
    const row = page.locator('tbody tr');
    await row.getByText('opens a gate').waitFor();

    await row.getByRole('button', { name: /^Send a trial/ }).click();
    await page.getByLabel('Send it with').selectOption('the newest read');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await row.locator('.outcome-good').waitFor();
    expect(await row.locator('.outcome').innerText()).toMatch(/^sent · to .+ · 2\d\d/);
    expect(side.asked[0]?.body.toString()).toContain('AA11AAA');

    await row.getByRole('button', { name: /^Change/ }).click();
    await page.getByText('One is kept. Leave this empty to keep it.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Gate of the yard');
    await page.getByRole('button', { name: 'Save' }).click();
    await row.getByRole('rowheader', { name: 'Gate of the yard' }).waitFor();
    const [kept] = await listChannels(visits.back.sql);
    if (!kept) throw new Error('expected a channel');
    expect(unsealChannel(kept, await openKeyFile(join(visits.back.folder, 'sign-in.key')))).toMatchObject({
      name: 'Gate of the yard',
      signing_secret: `whsec_${'A'.repeat(32)}`,
    });
    await row.getByText('YAML for the file of rules').click();
    expect(await row.locator('pre').innerText()).toContain(
      'signing_secret: { secret: GATE_CONTROLLER_SIGNING_SECRET }',
    );
    await inspect(page, 'channels');
    await row.getByRole('button', { name: /^Change/ }).click();
    await page.getByLabel('Remove “Secret that signs”').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await listChannels(visits.back.sql))[0]?.secrets).toBeNull();

    await row.getByRole('button', { name: /^Delete/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No channels yet.').waitFor();
    expect(visits.faults).toEqual([]);
  });

  test('of the file are only tried; the log sends off again what was given up', async () => {
    const { sql } = visits.back;
    const channel = { id: 'chat', name: 'Chat', kind: 'webhook', url: 'https://example.org/', enabled: true };
    await sql.query(
      `INSERT INTO alert_channels (id, channel, origin, changed_by) VALUES ('chat', $1, 'file', 'file')`,
      [JSON.stringify(channel)],
    );
    const page = await visits.visit('#/channels');
    await page.getByText('From the file of rules; change it there.').waitFor();
    expect(await page.locator('tbody button:visible').allInnerTexts()).toEqual(['Send a trial']);
    for (let count = 0; count < 2; count += 1) {
      await page.getByRole('button', { name: /^Send a trial/ }).click();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.locator('.outcome').waitFor();
    }
    // What the first trial said stands there while the second is sent.
    await expect.poll(() => sql.query(`SELECT FROM alert_deliveries WHERE channel_id = 'chat'`)).toHaveLength(2);
    await sql.query(`UPDATE alert_deliveries SET state = 'dead', attempts = 3, ended_at = now(), answer = '550 No such user'
      WHERE channel_id = 'chat'`);
    await page.getByRole('link', { name: 'Delivery log' }).click();
    await page.getByText('550 No such user').first().waitFor();
    await inspect(page, 'delivery-log');
    await page
      .locator('tbody tr')
      .first()
      .getByRole('button', { name: /^Send again/ })
      .click();
    await expect.poll(() => page.locator('tbody .chip').allInnerTexts()).toEqual(['waiting', 'given up', 'sent']);
    await page.getByLabel('Channel', { exact: true }).selectOption('Chat');
    await page.getByLabel('State', { exact: true }).selectOption('given up');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('button', { name: 'Send all that was given up again' }).click();
    await page.getByText('Sent off again: 1').waitFor();
    await page.getByText('No message fits.').waitFor();
    expect(visits.faults).toEqual([]);
  });
});
