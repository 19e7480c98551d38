import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Delivery } from '../../../src/alerts/delivery/delivery.ts';
import type { ChannelKind } from '../../../src/contract/channel.ts';
import { createOpener } from '../../channels/open-channel.ts';
import { OTHER_SIDES, type OtherSide } from '../../channels/other-sides.ts';
import { openTestDatabase } from '../../db/test-database.ts';
import { describeWith } from '../../servers/servers.ts';
import { THOROUGH } from '../../thorough.ts';
import { makeAlert } from '../make-alert.ts';
import { queueAlert } from '../queue-alert.ts';
import { openSite, type Site } from './delivery-fixture.ts';

const KINDS = ['smtp', 'slack', 'twilio', 'mqtt', 'webhook', 'web_push'] as const satisfies readonly ChannelKind[];
/** Each kind of channel meets each of them before a release; in npm test one, and each of them meets two kinds. */
const FAULTS = ['silent', 'cut', 'busy'] as const;
const HOUR_MS = 3_600_000;
/** On a machine that has much else to do. */
const SOON = { timeout: 20_000 };
const PLATES = ['HH1', 'HH2', 'HH3', 'HH4', 'HH5'];

let site: Site;
beforeAll(async () => {
  site = await openSite(await openTestDatabase());
}, 60_000);
afterAll(() => site?.[Symbol.asyncDispose]());

for (const kind of KINDS) {
  describeWith(kind === 'mqtt' ? ['mosquitto'] : [], `What is sent by ${kind}`, () => {
    let side: OtherSide;
    beforeAll(async () => {
      side = await OTHER_SIDES[kind]();
    }, 30_000);
    afterAll(() => side?.[Symbol.asyncDispose]());
    beforeEach(async () => {
      await site.sql.query('DELETE FROM alert_deliveries');
      await site.sql.query('DELETE FROM alert_channels');
    });

    test.each(FAULTS.filter((_, at) => THOROUGH || at === KINDS.indexOf(kind) % FAULTS.length))(
      'arrives all the same when the other side was %s, and is doubled under no other name',
      async (how) => {
        // A broker has no such answers.
        if (kind === 'mqtt' && how !== 'silent') return;
        const before = new Set(side.got().map(({ key }) => key));
        await side.fail(how);
        await site.save(side.channel);
        for (const plate of PLATES) await queueAlert(site.sql, side.channel.id, makeAlert({}, plate));
        let shift = 0;
        await using delivery = site.start(createOpener(side.push), {
          shiftMs: () => shift,
          config: { timeout_ms: how === 'silent' ? 500 : 5000 },
        });
        await expect.poll(attempts, SOON).toBeGreaterThan(0);
        // An hour of it: every attempt is one of a later time.
        for (const end = shift + HOUR_MS; shift < end; ) {
          const tried = await attempts();
          shift = await jump(delivery, shift);
          await expect.poll(attempts, SOON).toBeGreaterThan(tried);
        }
        expect((await site.list()).filter((one) => !/(waiting|sent)$/.test(one))).toEqual([]);
        await side.fail('well');
        const isAllSent = async () => {
          shift = await jump(delivery, shift);
          return (await site.list()).every((one) => one.endsWith(' sent'));
        };
        await expect.poll(isAllSent, { ...SOON, interval: 300 }).toBe(true);
        const lacking = () => PLATES.filter((plate) => !side.got().some(({ text }) => text.includes(plate)));
        await expect.poll(lacking, SOON).toEqual([]);
        const keys = new Set(side.got().map(({ key }) => key));
        expect(keys.difference(before).size).toBe(PLATES.length);
      },
      60_000,
    );
  });
}

async function attempts(): Promise<number> {
  const [row] = await site.sql.query<{ sum: number }>('SELECT sum(attempts)::int AS sum FROM alert_deliveries');
  return row?.sum ?? 0;
}

/** Twenty minutes later; not while something is under way, whose lease would be over before its time. */
async function jump(delivery: Delivery, shift: number): Promise<number> {
  const held = () => site.sql.query("SELECT FROM alert_deliveries WHERE state = 'waiting' AND held_by IS NOT NULL");
  await expect.poll(async () => (await held()).length, SOON).toBe(0);
  delivery.wake();
  return shift + HOUR_MS / 3;
}
