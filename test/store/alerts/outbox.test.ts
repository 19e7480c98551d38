import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { countDeliveries, listDeliveries, queueTrial, replayDeliveries } from '../../../src/store/alerts/deliveries.ts';
import {
  claimDeliveries,
  finishDeliveries,
  giveUpDeliveries,
  listDue,
  type Outcome,
} from '../../../src/store/alerts/outbox.ts';
import { makeAlert, reviseAlert } from '../../alerts/make-alert.ts';
import { queueAlert } from '../../alerts/queue-alert.ts';
import { openTestDatabase, type TestDatabase } from '../../db/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
}, 60_000);
afterAll(() => database?.[Symbol.asyncDispose]());
beforeEach(() => database.sql.query('DELETE FROM alert_deliveries'));

const CLAIM = { channel: 'mail', holder: 'one', leaseMs: 60_000, limit: 10, ordered: false, shiftMs: 0 };
const SENT: Outcome = { state: 'sent', recipient: 'guard', answer: '250', reference: { id: 7 } };
const later = (delayMs: number, maybeSent = false): Outcome => ({
  state: 'waiting',
  answer: 'away',
  delayMs,
  maybeSent,
});

const claim = (changes: Partial<typeof CLAIM> = {}) => claimDeliveries(database.sql, { ...CLAIM, ...changes });
const queue = (alert = makeAlert(), channel = 'mail') => queueAlert(database.sql, channel, alert);
const finish = (id: string | undefined, outcome: Outcome, holder = 'one') =>
  finishDeliveries(database.sql, [{ id: id ?? '', holder, outcome }], 0);
const list = async () =>
  (await listDeliveries(database.sql, { scope: undefined, limit: 50 })).items.map(
    ({ status, state }) => `${status} ${state}`,
  );

describe('The outbox', () => {
  test('gives each message to one of those who ask, until its lease is over', async () => {
    for (let count = 0; count < 20; count += 1) await queue();
    const given = await Promise.all([1, 2, 3, 4].map((number) => claim({ holder: String(number), limit: 5 })));
    expect(new Set(given.flat().map(({ key }) => key)).size).toBe(20);
    expect(await claim()).toEqual([]);
    const again = await claim({ holder: 'other', limit: 50, shiftMs: 61_000 });
    expect(again).toHaveLength(20);
    // Whoever held it before has nothing to say any more.
    await finish(again[0]?.id, SENT, 'one');
    expect(await list()).not.toContain('raised sent');
  });

  test('queues an alert for a channel once, and a message of another channel is none of its own', async () => {
    const alert = makeAlert();
    await queue(alert);
    await queue(alert);
    await queue(alert, 'chat');
    expect((await claim()).map(({ alert: { alert_id } }) => alert_id)).toEqual([alert.alert_id]);
    expect((await listDue(database.sql, 0)).map(({ channel, waiting }) => [channel, waiting]).toSorted()).toEqual([
      ['chat', 1],
      ['mail', 1],
    ]);
  });

  test('holds a correction back while the alert is on its way, and then says what it corrects', async () => {
    const alert = makeAlert();
    await queue(alert);
    const [first] = await claim();
    await queue(reviseAlert(alert, 'corrected'));
    expect(await claim()).toEqual([]);
    await finish(first?.id, SENT);
    expect(await claim()).toMatchObject([{ alert: { status: 'corrected' }, isKnown: true, earlier: { id: 7 } }]);
  });

  test('sends a correction in place of an alert that nobody took', async () => {
    const alert = makeAlert();
    await queue(alert);
    await finish((await claim())[0]?.id, later(3_600_000));
    await queue(reviseAlert(alert, 'corrected'));
    expect(await claim()).toMatchObject([{ alert: { status: 'corrected' }, isKnown: false, earlier: null }]);
    expect(await claim({ holder: 'other', shiftMs: 3_601_000 })).toMatchObject([{ alert: { status: 'corrected' } }]);
    expect(await list()).toEqual(['corrected waiting', 'raised dropped']);
  });

  test('drops an alert and its withdrawal when it was never sent, whichever is due first', async () => {
    const [slow, quick] = [makeAlert(), makeAlert()];
    await queue(slow);
    await finish((await claim())[0]?.id, later(3_600_000));
    await queue(quick);
    await queue(reviseAlert(quick, 'withdrawn'));
    await queue(reviseAlert(slow, 'withdrawn'));
    expect(await claim()).toEqual([]);
    expect(await claim({ shiftMs: 3_601_000 })).toEqual([]);
    expect(new Set(await list())).toEqual(new Set(['withdrawn dropped', 'raised dropped']));
  });

  test('sends a withdrawal when the alert may have arrived', async () => {
    const alert = makeAlert();
    await queue(alert);
    await finish((await claim())[0]?.id, later(3_600_000, true));
    await queue(reviseAlert(alert, 'withdrawn'));
    expect(await claim()).toMatchObject([{ alert: { status: 'withdrawn' }, isKnown: true }]);
  });

  test('keeps the order of a channel where it must: what fails holds up the next', async () => {
    const [first, second] = [makeAlert(), makeAlert()];
    await queue(first);
    await queue(second);
    const [head, next, ...others] = await claim({ ordered: true });
    expect([head?.alert.alert_id, next?.alert.alert_id, others]).toEqual([first.alert_id, second.alert_id, []]);
    await finish(head?.id, later(60_000));
    await finish(next?.id, { state: 'unsent' });
    expect(await claim({ ordered: true })).toEqual([]);
    expect(await claim()).toMatchObject([{ alert: { alert_id: second.alert_id }, attempts: 0, isKnown: false }]);
  });

  test('gives up in the end, and sends it off again when told', async () => {
    const alert = makeAlert();
    await queue(alert);
    expect(await giveUpDeliveries(database.sql, { hours: 24, shiftMs: 23 * 3_600_000 })).toEqual([]);
    expect(await giveUpDeliveries(database.sql, { hours: 24, shiftMs: 25 * 3_600_000 })).toEqual([
      { channel: 'mail', count: 1 },
    ]);
    expect(await claim()).toEqual([]);
    expect(await countDeliveries(database.sql)).toMatchObject([{ channel: 'mail', waiting: 0, dead: 1, sent: 0 }]);
    expect(await replayDeliveries(database.sql, { channel: 'mail' })).toBe(1);
    const [again] = await claim();
    await finish(again?.id, SENT);
    expect(await replayDeliveries(database.sql, { ids: [again?.id ?? ''] })).toBe(0);
    expect(await list()).toEqual(['raised sent']);
  });
});

describe('The log of deliveries', () => {
  test('has pages, and what went to whom', async () => {
    for (let count = 0; count < 3; count += 1) await queue();
    await queueTrial(database.sql, { channel: 'chat', alert: makeAlert() });
    await finish((await claim({ limit: 1 }))[0]?.id, SENT);
    const first = await listDeliveries(database.sql, { scope: undefined, limit: 3 });
    expect(first.items.map(({ alert_id }) => alert_id === null)).toEqual([true, false, false]);
    const rest = await listDeliveries(database.sql, { scope: undefined, limit: 3, cursor: first.next ?? '' });
    expect(rest).toMatchObject({
      items: [{ channel: 'mail', state: 'sent', recipient: 'guard', answer: '250', plate: 'B1234AB', next_at: null }],
      next: null,
    });
    const chosen = await listDeliveries(database.sql, {
      scope: undefined,
      limit: 9,
      state: 'waiting',
      channel: 'mail',
    });
    expect(chosen.items).toHaveLength(2);
  });

  test('shows whoever may see some cameras what is about these', async () => {
    const alert = makeAlert();
    await queue(alert);
    await queueTrial(database.sql, { channel: 'mail', alert: makeAlert() });
    await database.sql.query(
      `INSERT INTO alerts (alert_id, revision, status, rule_id, severity, camera_id, happened_at, raised_at, alert)
       VALUES ($1, 1, 'raised', 'gate', 'info', 'gate', now(), now(), $2)`,
      [alert.alert_id, JSON.stringify(alert)],
    );
    const seen = async (camera: string) =>
      (await listDeliveries(database.sql, { scope: { cameras: [camera], sites: [] }, limit: 9 })).items.length;
    expect([await seen('gate'), await seen('yard')]).toEqual([1, 0]);
  });
});
