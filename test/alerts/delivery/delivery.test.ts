import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AlprError } from '../../../src/base/errors.ts';
import { createLog } from '../../../src/base/log.ts';
import { type Channel, DeliveryError, type Message } from '../../../src/channels/channel.ts';
import type { Channel as ChannelConfig, ChannelInput } from '../../../src/contract/channel.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { queueTrial, replayDeliveries } from '../../../src/store/alerts/deliveries.ts';
import { makeAlert, reviseAlert } from '../make-alert.ts';
import { queueAlert } from '../queue-alert.ts';
import { emptyBeforeEach, openSite, type Site } from './delivery-fixture.ts';

const HOOK: ChannelInput = { id: 'hook', name: 'Hook', kind: 'webhook', url: 'https://example.org', ordered: false };

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, 60_000);
afterAll(() => site?.[Symbol.asyncDispose]());
emptyBeforeEach(() => site);

/** Channels that do what `send` does, and keep what they were given. */
function openRecorder(send: (message: Message, channel: ChannelConfig) => Promise<void> = async () => undefined) {
  const sent: string[] = [];
  const open = async (channel: ChannelConfig): Promise<Channel> => ({
    async send(message) {
      await send(message, channel);
      sent.push(`${channel.id} ${message.kind}`);
      return { recipient: 'somebody', answer: `yes, sesame`, reference: { at: message.key } };
    },
    async [Symbol.asyncDispose]() {},
  });
  return { sent, open };
}

/** On a machine that has much else to do. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 8000 });

const failing = (options: { retryAfterMs?: number } = {}) => new DeliveryError('DELIVERY_FAILED', 'away', options);

describe('Delivery', () => {
  test('sends what is queued at once when it is woken, and tells no secret', async () => {
    await site.save({ ...HOOK, token: 'sesame' });
    const { sent, open } = openRecorder();
    await using delivery = site.start(open, { config: { poll_ms: 60_000 } });
    await soon(() => delivery.part.check()).toEqual({ ok: true });
    await queueAlert(site.sql, 'hook', makeAlert());
    delivery.wake(['hook']);
    await soon(() => sent).toEqual(['hook raised']);
    await soon(() => site.list()).toEqual(['hook raised sent']);
    const [row] = await site.sql.query('SELECT recipient, answer FROM alert_deliveries');
    expect(row).toEqual({ recipient: 'somebody', answer: 'yes, …' });
  });

  test('says in the log what kind of failure there was, not what the other side said of the plate', async () => {
    await site.save(HOOK);
    const { open } = openRecorder(async () => {
      const cause = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
      throw new DeliveryError('DELIVERY_FAILED', '503 no PL4TE wanted', { cause });
    });
    const lines: string[] = [];
    const target = { write: (line: string) => lines.push(line), isTerminal: false, hasColours: false };
    await using delivery = site.start(open, { log: createLog({ level: 'debug', format: 'json' }, target) });
    await queueAlert(site.sql, 'hook', makeAlert());
    delivery.wake(['hook']);
    await soon(() => lines.join('')).toContain('ECONNRESET');
    expect(lines.join('')).not.toContain('PL4TE');
    const answer = async () => (await site.sql.query('SELECT answer FROM alert_deliveries'))[0];
    await soon(answer).toEqual({ answer: '503 no PL4TE wanted' });
  });

  test('is held up on one channel by what hangs there, and on no other', async () => {
    await site.save(HOOK);
    await site.save({ ...HOOK, id: 'hung' });
    const { sent, open } = openRecorder((_message, { id }) =>
      id === 'hung' ? new Promise(() => undefined) : Promise.resolve(),
    );
    for (let count = 0; count < 10; count += 1) {
      await queueAlert(site.sql, 'hung', makeAlert());
      await queueAlert(site.sql, 'hook', makeAlert());
    }
    await using _delivery = site.start(open, { config: { timeout_ms: 500 } });
    await soon(() => sent.length).toBe(10);
    await soon(
      async () => (await site.sql.query("SELECT answer FROM alert_deliveries WHERE answer LIKE 'No answer%'")).length,
    ).toBeGreaterThan(0);
  });

  test('sends an alert before its correction, whatever fails between, and never the alert after it', async () => {
    await site.save(HOOK);
    let failures = 2;
    const { sent, open } = openRecorder(async ({ kind, earlier }) => {
      if (kind === 'raised' && failures-- > 0) throw failing();
      if (kind === 'corrected') expect(earlier).toMatchObject({ at: expect.stringContaining(':1:') });
    });
    const alert = makeAlert();
    await queueAlert(site.sql, 'hook', alert);
    let shift = 0;
    await using delivery = site.start(open, { shiftMs: () => shift });
    for (let count = 0; count < 2; count += 1) {
      await soon(async () => await attemptsOf()).toBe(count + 1);
      shift += 60_000;
      delivery.wake();
    }
    await soon(() => sent).toEqual(['hook raised']);
    await soon(() => site.list()).toEqual(['hook raised sent']);
    await queueAlert(site.sql, 'hook', reviseAlert(alert, 'corrected'));
    await soon(() => sent).toEqual(['hook raised', 'hook corrected']);
  });

  async function attemptsOf(): Promise<number | undefined> {
    const [row] = await site.sql.query<{ attempts: number }>(
      'SELECT attempts FROM alert_deliveries WHERE held_by IS NULL',
    );
    return row?.attempts;
  }

  test('waits as long as the other side says', async () => {
    await site.save(HOOK);
    let isBusy = true;
    const { sent, open } = openRecorder(async () => {
      if (isBusy) throw failing({ retryAfterMs: 120_000 });
    });
    await queueAlert(site.sql, 'hook', makeAlert());
    let shift = 0;
    await using delivery = site.start(open, { shiftMs: () => shift });
    await soon(attemptsOf).toBe(1);
    isBusy = false;
    shift = 119_000;
    delivery.wake();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toEqual([]);
    shift = 121_000;
    await soon(() => sent).toEqual(['hook raised']);
  });

  test('sends in order where it must, many for one claim, and what fails holds up all that come after', async () => {
    await site.save({ ...HOOK, ordered: true, per_minute: 6000 });
    const keys: string[] = [];
    let [isAway, failures] = [true, 0];
    const { open } = openRecorder(async ({ alert }) => {
      if (isAway && keys.length === 3) {
        failures += 1;
        throw failing();
      }
      keys.push(alert.alert_id);
    });
    const alerts = Array.from({ length: 40 }, () => makeAlert());
    for (const alert of alerts) await queueAlert(site.sql, 'hook', alert);
    let shift = 0;
    let transactions = 0;
    const transaction: Sql['transaction'] = (work) => {
      transactions += 1;
      return site.sql.transaction(work);
    };
    const given = { sql: { ...site.sql, transaction }, shiftMs: () => shift, config: { poll_ms: 60_000 } };
    await using delivery = site.start(open, given);
    const isLeft =
      "SELECT attempts FROM alert_deliveries WHERE state = 'waiting' AND held_by IS NULL ORDER BY attempts DESC";
    await soon(async () => (await site.sql.query(isLeft)).length).toBe(37);
    expect([keys.length, failures, (await site.sql.query(isLeft))[0]]).toEqual([3, 1, { attempts: 1 }]);
    isAway = false;
    shift = 120_000;
    delivery.wake();
    await soon(() => keys).toEqual(alerts.map(({ alert_id }) => alert_id));
    await soon(async () => new Set(await site.list())).toEqual(new Set(['hook raised sent']));
    expect(transactions).toBeLessThan(12);
  });

  test('pauses a channel that fails again and again, says so, and goes on when one is taken', async () => {
    await site.save(HOOK);
    let attempts = 0;
    let isAway = true;
    const { sent, open } = openRecorder(async () => {
      attempts += 1;
      if (isAway) throw failing();
    });
    for (let count = 0; count < 20; count += 1) await queueAlert(site.sql, 'hook', makeAlert());
    let shift = 0;
    const config = { pause_after: 3, pause_ms: 60_000, at_once: 1 };
    await using delivery = site.start(open, { shiftMs: () => shift, config });
    await soon(() => delivery.part.check()).toEqual({ ok: false, message: 'These do not work: hook' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(attempts).toBe(3);
    isAway = false;
    shift = 120_000;
    await soon(() => sent.length).toBe(20);
    expect(await delivery.part.check()).toEqual({ ok: true });
    expect((await site.telemetry.format()).text).toContain('alpr_deliveries_total{kind="webhook",outcome="failed"}');
  });

  test('keeps what is refused for people, who may send it off again; a trial that fails is over', async () => {
    await site.save(HOOK);
    let isRefused = true;
    const { sent, open } = openRecorder(async () => {
      if (isRefused) throw new DeliveryError('DELIVERY_REFUSED', 'no such gate');
    });
    await queueAlert(site.sql, 'hook', makeAlert());
    await queueTrial(site.sql, { channel: 'hook', alert: makeAlert() });
    await using delivery = site.start(open);
    await soon(() => site.list()).toEqual(['hook raised dead', 'hook raised dead']);
    isRefused = false;
    expect(await replayDeliveries(site.sql, { channel: 'hook' })).toBe(2);
    delivery.wake();
    await soon(() => sent.toSorted()).toEqual(['hook raised', 'hook test']);
  });

  test('tries a channel and opens a gate by hand once, says so, and opens none by an alert that is too old', async () => {
    await site.save({ ...HOOK, max_age_seconds: 10 });
    let isAway = true;
    const { sent, open } = openRecorder(async () => {
      if (isAway) throw failing();
    });
    await queueTrial(site.sql, { channel: 'hook', alert: makeAlert(), byHand: true });
    await queueAlert(site.sql, 'hook', makeAlert());
    let shift = 0;
    await using delivery = site.start(open, { shiftMs: () => shift });
    await soon(() => site.list()).toEqual(['hook raised dead', 'hook raised waiting']);
    const [once] = await site.sql.query("SELECT answer FROM alert_deliveries WHERE state = 'dead'");
    expect(once).toEqual({ answer: 'away – sent once only, and not tried again' });
    await soon(attemptsOf).toBe(1);
    isAway = false;
    shift = 60_000;
    await soon(() => site.list()).toEqual(['hook raised dead', 'hook raised dead']);
    await queueTrial(site.sql, { channel: 'hook', alert: makeAlert(), byHand: true });
    shift = 0;
    delivery.wake();
    await soon(() => sent).toEqual(['hook raised']);
  });

  test('knows of a channel that is added, changed or switched off, and of one that cannot be', async () => {
    const { sent, open } = openRecorder();
    await using delivery = site.start(open);
    await queueAlert(site.sql, 'hook', makeAlert());
    await site.save({ ...HOOK, enabled: false });
    await site.save({ ...HOOK, id: 'bad' });
    await site.sql.query(`UPDATE alert_channels SET channel = channel - 'url' WHERE id = 'bad'`);
    await site.sql.query('UPDATE alert_settings SET revision = revision + 1');
    await soon(() => delivery.part.check()).toEqual({ ok: false, message: 'These do not work: bad' });
    expect(sent).toEqual([]);
    await site.save(HOOK);
    await soon(() => sent).toEqual(['hook raised']);
  });

  test('loses and doubles nothing while the database is away, even between sending and writing that down', async () => {
    await site.save(HOOK);
    let isAway = false;
    const { sent, open } = openRecorder(async () => {
      isAway = true;
    });
    const reach = <T>(work: () => Promise<T>) =>
      isAway ? Promise.reject(new AlprError('DATABASE_UNAVAILABLE', 'away')) : work();
    const sql: Sql = {
      query: (...query) => reach(() => site.sql.query(...query)),
      transaction: (work) => reach(() => site.sql.transaction(work)),
      async [Symbol.asyncDispose]() {},
    };
    await queueAlert(site.sql, 'hook', makeAlert());
    await using _delivery = site.start(open, { sql });
    await soon(() => sent).toEqual(['hook raised']);
    await queueAlert(site.sql, 'hook', makeAlert());
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await site.list()).toEqual(['hook raised waiting', 'hook raised waiting']);
    isAway = false;
    await soon(() => sent.length).toBe(2);
    isAway = false;
    await soon(() => site.list()).toEqual(['hook raised sent', 'hook raised sent']);
    expect(sent).toHaveLength(2);
  });

  test('goes by many processes at once, each message by one of them', async () => {
    await site.save(HOOK);
    const { sent, open } = openRecorder();
    for (let count = 0; count < 50; count += 1) await queueAlert(site.sql, 'hook', makeAlert());
    await using _one = site.start(open);
    await using _other = site.start(open);
    await soon(async () => (await site.list()).filter((one) => one.endsWith('sent')).length).toBe(50);
    expect(sent).toHaveLength(50);
  });
});
