import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOpener } from '../../channels/open-channel.ts';
import { type Answer, openHttpSide } from '../../channels/sides/http-side.ts';
import { makeAlert } from '../make-alert.ts';
import { queueAlert } from '../queue-alert.ts';
import { emptyBeforeEach, openSite, type Site } from './delivery-fixture.ts';

const HOUR_MS = 3_600_000;
const STEP_MS = 120_000;
const RETRY_MAX_MS = 600_000;
const SOON = { timeout: 10_000, interval: 5 };

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, 60_000);
afterAll(() => site?.[Symbol.asyncDispose]());
emptyBeforeEach(() => site);

type Asked = Readonly<{ key: string; at: number; shift: number; isAway: boolean }>;

test.each([
  ['503', { status: 503, body: 'down for maintenance' }, 30_000],
  ['500 of a server that has taken the message all the same', { status: 500, body: 'oops' }, 30_000],
  ['429 that says when to come back', { status: 429, headers: { 'retry-after': '600' }, body: '' }, 600_000],
] satisfies [string, Answer, number][])(
  'An hour of %s: the channel pauses and is tried now and then, and afterwards each message arrives once',
  async (_what, refusal, pauseMs) => {
    let [shift, isAway] = [0, true];
    const asked: Asked[] = [];
    await using side = await openHttpSide(
      ({ headers }) => {
        asked.push({ key: String(headers['webhook-id']), at: Date.now() + shift, shift, isAway });
        return isAway ? refusal : { body: 'taken' };
      },
      { secure: false },
    );
    await site.save({ id: 'hook', name: 'Hook', kind: 'webhook', url: side.url, ordered: false });
    for (let count = 0; count < 10; count += 1) await queueAlert(site.sql, 'hook', makeAlert());
    await using delivery = site.start(createOpener(), { shiftMs: () => shift });

    const goOn = async (until: () => Promise<boolean>) => {
      while (!(await until())) {
        shift += STEP_MS;
        delivery.wake(['hook']);
        await expect.poll(() => isSettled(asked, shift, pauseMs), SOON).toBe(true);
      }
    };
    // Whoever does not say when to come back pauses only after some failures: the clock stands until then.
    if (pauseMs === 30_000) await expect.poll(works, SOON).toBe('0');
    await expect.poll(() => isSettled(asked, shift, pauseMs), SOON).toBe(true);
    for (let tenth = 1; tenth <= 6; tenth += 1) {
      await queueAlert(site.sql, 'hook', makeAlert());
      await goOn(async () => shift >= (tenth * HOUR_MS) / 6);
    }
    expect(await site.list()).toEqual(Array.from({ length: 16 }, () => 'hook raised waiting'));
    expect(await delivery.part.check()).toEqual({ ok: false, message: 'These do not work: hook' });
    expect(await works()).toBe('0');
    // Some side by side at first; with failures in a row one after each pause.
    const later = asked.filter((one) => one.shift > 0);
    expect(asked.length - later.length).toBeLessThanOrEqual(8);
    expect(later.length).toBeGreaterThan(4);
    for (const [index, one] of later.entries()) {
      const before = later[index - 1];
      if (before && before.shift !== one.shift) expect(one.at - before.at).toBeGreaterThanOrEqual(pauseMs);
    }
    expect(later.length).toBeLessThanOrEqual(pauseMs === 30_000 ? HOUR_MS / STEP_MS : 24);

    isAway = false;
    const backAt = shift;
    await goOn(async () => (await site.list()).every((one) => one.endsWith(' sent')));
    expect(shift - backAt).toBeLessThanOrEqual(1.2 * RETRY_MAX_MS + pauseMs + STEP_MS);
    expect(await delivery.part.check()).toEqual({ ok: true });
    expect(await works()).toBe('1');
    const taken = asked.filter((one) => !one.isAway).map(({ key }) => key);
    expect(taken).toHaveLength(16);
    expect(new Set(taken).size).toBe(16);
    // Whoever took a message and said that it failed gets it under the same name again.
    expect(new Set(asked.map(({ key }) => key))).toEqual(new Set(taken));
  },
  60_000,
);

/** Whether all was tried that is due by now: nothing is under way, and a channel that pauses was tried once. */
async function isSettled(asked: readonly Asked[], shift: number, pauseMs: number): Promise<boolean> {
  const [row] = await site.sql.query<{ held: number; due: number }>(
    `SELECT count(held_by)::int AS held,
       (count(*) FILTER (WHERE next_at <= now() + $1 * interval '1 millisecond'))::int AS due
     FROM alert_deliveries WHERE state = 'waiting'`,
    [shift],
  );
  if (row === undefined || row.held > 0) return false;
  const last = asked.at(-1);
  const pauses = last?.isAway && Date.now() + shift < last.at + pauseMs;
  return row.due === 0 || pauses === true;
}

async function works(): Promise<string | undefined> {
  const { text } = await site.telemetry.format();
  return /alpr_channel_works\{channel="hook",kind="webhook"\} (\d)/.exec(text)?.[1];
}
