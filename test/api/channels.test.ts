import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { startSession } from '../../src/store/sign-in/sessions.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, makeStatus, openBackEnd } from './api-fixture.ts';

let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
});
afterAll(() => back[Symbol.asyncDispose]());

async function send(method: string, address: string, body?: object) {
  const response = await fetch(back.url + address, {
    method,
    headers: { authorization: back.authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, answer: text === '' ? undefined : JSON.parse(text) };
}

const HOOK = { id: 'gate-box', name: 'Gate box', kind: 'webhook', url: 'https://gate.example/open' };
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

describe('A channel', () => {
  test('keeps its secrets, tells only their names, and loses none when it is changed', async () => {
    const { answer } = await send('PUT', '/channels/gate-box', { ...HOOK, signing_secret: SECRET });
    expect(answer).toMatchObject({ channel: HOOK, secrets: ['signing_secret'], origin: 'page', waiting: 0 });
    await send('PUT', '/channels/gate-box', { ...HOOK, name: 'Box', token: 'opensesame' });
    const { text, answer: all } = await send('GET', '/channels');
    expect(all.channels).toEqual([
      expect.objectContaining({ channel: expect.objectContaining({ name: 'Box' }), secrets: expect.any(Array) }),
    ]);
    expect(all.channels[0].secrets.toSorted()).toEqual(['signing_secret', 'token']);
    const kept = await back.sql.query<{ all: string }>('SELECT alert_channels::text AS all FROM alert_channels');
    for (const secret of [SECRET, 'opensesame', Buffer.from('opensesame').toString('hex')]) {
      expect(text + kept[0]?.all).not.toContain(secret);
    }
  });

  test('has a secret no more that is to be removed, alone or with what it belongs to', async () => {
    const mail = {
      id: 'mail',
      name: 'Mail',
      kind: 'smtp',
      host: 'mail.example',
      from: 'a@b.example',
      to: ['c@d.example'],
    };
    await send('PUT', '/channels/mail', { ...mail, user: 'ada', password: 'opensesame' });
    const alone = await send('PUT', '/channels/mail?remove=password', { ...mail, user: 'ada' });
    expect([alone.status, alone.answer.message]).toEqual([
      400,
      'password: expected both user and password, or neither',
    ]);
    expect((await send('PUT', '/channels/mail?remove=name', mail)).status).toBe(400);
    const { answer } = await send('PUT', '/channels/mail?remove=password,token', mail);
    expect(answer).toMatchObject({ channel: mail, secrets: [] });
    const [kept] = await back.sql.query("SELECT secrets FROM alert_channels WHERE id = 'mail'");
    expect(kept).toEqual({ secrets: null });
    await send('DELETE', '/channels/mail');
  });

  test('is refused where something is missing, and named', async () => {
    const refused = await send('PUT', '/channels/sms', {
      id: 'sms',
      name: 'SMS',
      kind: 'twilio',
      account_sid: `AC${'0'.repeat(32)}`,
      from: '+4930123456',
      to: ['+4930654321'],
    });
    expect([refused.status, refused.answer.message]).toEqual([
      400,
      'auth_token: expected the auth token of the account',
    ]);
    expect((await send('PUT', '/channels/other', HOOK)).status).toBe(400);
    expect((await send('DELETE', '/channels/other')).status).toBe(404);
  });

  test('shows no secret that is kept to another server', async () => {
    const { status, answer } = await send('PUT', '/channels/gate-box', { ...HOOK, url: 'http://198.51.100.9/' });
    expect([status, answer.message]).toEqual([400, expect.stringMatching(/^Expected token once more/)]);
    const moved = { ...HOOK, url: 'http://198.51.100.9/', token: 'another' };
    expect((await send('PUT', '/channels/gate-box', moved)).status).toBe(200);
    await send('PUT', '/channels/gate-box', { ...HOOK, token: 'opensesame' });
  });

  test('is tried with a read, and the log has what came of it', async () => {
    const event = makeEvent({ text: 'TRY1', camera: 'gate' });
    await back.publish([event]);
    const { status, answer } = await send('POST', '/channels/gate-box/test', { event: event.event_id });
    expect(status).toBe(202);
    const log = (await send('GET', '/deliveries?channel=gate-box')).answer.deliveries;
    expect(log).toEqual([
      expect.objectContaining({ id: answer.delivery, state: 'waiting', plate: 'TRY1', alert_id: null, attempts: 0 }),
    ]);
    expect((await send('POST', '/channels/nowhere/test', {})).status).toBe(404);
    await back.sql.query(`UPDATE alert_deliveries SET state = 'dead', ended_at = now()`);
    expect((await send('POST', '/deliveries/replay', { channel: 'gate-box' })).answer).toEqual({ replayed: 1 });
    expect((await send('GET', '/deliveries?state=waiting')).answer.deliveries).toHaveLength(1);
  });
});

test('A gate is opened by hand through a channel that may, and the audit has by whom and why', async () => {
  await back.publishCamera(makeStatus('gate'));
  const open = { camera: 'gate', channel: 'gate-box', reason: 'Fire brigade' };
  expect((await send('POST', '/gate/open', open)).status).toBe(404);
  await send('PUT', '/channels/gate-box', { ...HOOK, opens: true });
  expect((await send('GET', '/gate/channels')).answer.channels).toEqual([{ id: 'gate-box', name: 'Gate box' }]);
  expect((await send('POST', '/gate/open', open)).status).toBe(202);
  const [row] = await back.sql.query<{ alert: { why: string } }>(
    'SELECT alert FROM alert_deliveries ORDER BY id DESC LIMIT 1',
  );
  expect(row?.alert.why).toBe('test opens the gate: Fire brigade');
  const { entries } = (await send('GET', '/audit?action=change')).answer;
  expect(entries).toContainEqual(
    expect.objectContaining({
      operation: 'openGate',
      query: expect.objectContaining({ reason: 'Fire brigade' }),
      status: 202,
    }),
  );
});

test('A status of Twilio is taken where Twilio signed it, and from nobody else', async () => {
  const token = '12345';
  await send('PUT', '/channels/sms', {
    id: 'sms',
    name: 'SMS',
    kind: 'twilio',
    account_sid: `AC${'0'.repeat(32)}`,
    auth_token: token,
    from: '+4930123456',
    to: ['+4930654321'],
    callback_url: 'https://alpr.example.org',
  });
  await send('POST', '/channels/sms/test', {});
  const [row] = await back.sql.query<{ key: string }>(
    `SELECT idempotency_key AS key FROM alert_deliveries WHERE channel_id = 'sms'`,
  );
  const path = `/api/v1/alerts/channels/sms/status?key=${row?.key}`;
  const form = { MessageSid: 'SM1', MessageStatus: 'delivered', To: '+4930654321' };
  // As Twilio's page on signatures has it: the address, then the fields in their order, under HMAC-SHA1.
  const signed = `https://alpr.example.org${path}MessageSidSM1MessageStatusdeliveredTo+4930654321`;
  const tell = (signature: string) =>
    fetch(back.url + path, {
      method: 'POST',
      headers: { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form),
    });
  const sign = (key: string) => createHmac('sha1', key).update(signed).digest('base64');
  expect((await tell(sign('54321'))).status).toBe(403);
  expect((await tell(sign(token))).status).toBe(204);
  const { deliveries } = (await send('GET', '/deliveries?channel=sms')).answer;
  expect(deliveries[0].answer).toBe('delivered to +4930654321');
});

test('A browser is told of alerts for a person, and not for a token', async () => {
  const account = await createAccount(back.sql, { name: 'grace', role: 'viewer' });
  const lifetimes = { idle_minutes: 60, max_hours: 1 };
  const place = { address: '127.0.0.1', userAgent: 'test', lifetimes };
  const { secret } = await startSession(back.sql, { account, kind: 'page', ...place });
  const subscription = {
    endpoint: 'https://push.example/1',
    keys: { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) },
  };
  const ask = (method: string, headers: Record<string, string>, body: object) =>
    fetch(`${back.url}/push/subscriptions`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const own = { cookie: `alpr-session=${secret}`, origin: back.url, 'x-requested-with': 'alpr' };
  expect((await send('GET', '/push/key')).answer.key).toMatch(/^[A-Za-z0-9_-]{87}$/);
  expect((await ask('POST', { authorization: back.authorization }, subscription)).status).toBe(403);
  expect((await ask('POST', own, subscription)).status).toBe(204);
  const count = async () => (await back.sql.query('SELECT FROM push_subscriptions')).length;
  expect(await count()).toBe(1);
  expect((await ask('DELETE', own, { endpoint: subscription.endpoint })).status).toBe(204);
  expect(await count()).toBe(0);
});
