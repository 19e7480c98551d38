import { createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { alertSchema } from '../../src/contract/alert.ts';
import type { ChannelInput } from '../../src/contract/channel.ts';
import { makeAlert } from '../alerts/make-alert.ts';
import { makeEvent } from '../store/make-event.ts';
import { createOpener, makeMessage, NOBODY, openChannel, PICTURE, parseChannel } from './open-channel.ts';
import { type HttpSide, openHttpSide } from './sides/http-side.ts';

let side: HttpSide;
beforeAll(async () => {
  side = await openHttpSide(() => ({ body: 'taken' }));
});
afterAll(() => side?.[Symbol.asyncDispose]());
beforeEach(() => {
  side.asked.length = 0;
  side.mode = 'well';
});

const hook = (changes: object = {}): ChannelInput => ({
  ...{ id: 'hook', name: 'Hook', kind: 'webhook', url: `${side.url}/in`, ca: side.ca },
  ...changes,
});

async function send(input: ChannelInput, message = makeMessage()) {
  await using channel = await openChannel(input);
  await channel.send(message);
  return side.asked.at(-1);
}

describe('A webhook', () => {
  test('posts the alert as JSON, signed with both secrets as Standard Webhooks says', async () => {
    const secrets = [7, 8].map((byte) => Buffer.alloc(32, byte));
    const [signing_secret, previous_signing_secret] = secrets.map((one) => `whsec_${one.toString('base64')}`);
    const asked = await send(hook({ signing_secret, previous_signing_secret }), makeMessage({ key: 'a:1:hook' }));
    const text = String(asked?.body);
    const { type, data } = JSON.parse(text);
    expect([type, alertSchema.parse(data).passage?.plate]).toEqual(['alert.raised', 'B1234AB']);
    const stamp = asked?.headers['webhook-timestamp'];
    expect(Math.abs(Number(stamp) - Date.now() / 1000)).toBeLessThan(30);
    // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric
    const signatures = secrets.map(
      (one) => `v1,${createHmac('sha256', one).update(`a:1:hook.${stamp}.${text}`).digest('base64')}`,
    );
    expect(asked?.headers['webhook-signature']).toBe(signatures.join(' '));
  });

  test.each([
    ['loopback', 'http://127.0.0.1:1/'],
    ['private', 'http://192.168.1.1/'],
    ['metadata', 'http://169.254.169.254/latest/'],
    ['a name of this machine', 'http://localhost:1/'],
  ])('asks no address that is not public, unless it is allowed: %s', async (_what, url) => {
    await using channel = await createOpener(NOBODY, { allow: [] })(parseChannel(hook({ url })));
    await expect(channel.send(makeMessage())).rejects.toMatchObject({
      code: 'DELIVERY_FAILED',
      mayHaveArrived: false,
      message: expect.stringContaining('private'),
    });
  });

  test('does not follow a redirect', async () => {
    side.mode = { status: 302, headers: { location: 'http://169.254.169.254/' } };
    await expect(send(hook())).rejects.toMatchObject({ code: 'DELIVERY_FAILED' });
  });

  test.each([
    [400, 'DELIVERY_REFUSED', false],
    [401, 'DELIVERY_FAILED', false],
    [404, 'DELIVERY_FAILED', false],
    [410, 'DELIVERY_REFUSED', false],
    [500, 'DELIVERY_FAILED', true],
    [503, 'DELIVERY_FAILED', false],
  ])('takes status %i for %s', async (status, code, mayHaveArrived) => {
    side.mode = { status };
    await expect(send(hook())).rejects.toMatchObject({ code, mayHaveArrived });
  });

  test('waits until the date that the other side gives', async () => {
    side.mode = { status: 503, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } };
    const fault = await send(hook()).catch((error) => error);
    expect(fault.retryAfterMs).toBeGreaterThan(55_000);
    expect(fault.retryAfterMs).toBeLessThanOrEqual(60_000);
  });
});

describe('A webhook in the words of another system', () => {
  const event = makeEvent({ text: 'AB12CDE' });
  const message = makeMessage({ event: async () => event });

  test.each(['rekor', 'plate_recognizer'])('has the plate where that system has it: %s', async (format) => {
    const body = JSON.parse(String((await send(hook({ format }), message))?.body));
    const plate = format === 'rekor' ? body.best_plate_number : body.data.results[0].plate;
    expect(plate).toBe(format === 'rekor' ? 'AB12CDE' : 'ab12cde');
    if (format === 'rekor') expect(body.vehicle_crop_jpeg).toBe(Buffer.from(PICTURE).toString('base64'));
  });

  test('says nothing where that system has no word for it', async () => {
    await using channel = await openChannel(hook({ format: 'rekor' }));
    const { answer } = await channel.send({ ...message, kind: 'withdrawn' });
    expect([answer, side.asked]).toEqual([expect.stringContaining('Nothing to send'), []]);
  });
});

describe('The template of a webhook', () => {
  const filled = async (body: string, changes: object = {}) =>
    String((await send(hook({ format: 'template', body, content_type: 'text/plain', ...changes })))?.body);

  test('has every field of the alert, and what the channel gives', async () => {
    const given = {
      values: { gate: 'north' },
      token: 'sesame',
      headers: { 'x-token': '{{ token }}', 'x-none': '{{ no }}' },
    };
    const text = '{{ passage.plate }} {{ matched.entry.tags | join: "," }} {{ kind }} {{ values.gate }}';
    expect(await filled(text, given)).toBe('B1234AB vip raised north');
    expect(side.asked.at(-1)?.headers['x-token']).toBe('sesame');
    expect(side.asked.at(-1)?.headers).not.toHaveProperty('x-none');
  });

  test.each([
    ['an unknown filter', '{{ passage.plate | shout }}'],
    ['a file', '{% include "/etc/passwd" %}'],
    ['time without end', '{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}'],
    ['JSON that is none', '{ "plate": {{ passage.plate }} }'],
  ])('is refused with %s', async (_what, body) => {
    const input = hook({ format: 'template', body });
    await expect(send(input)).rejects.toMatchObject({ code: 'DELIVERY_REFUSED' });
    expect(side.asked).toEqual([]);
  });

  test.each(['constructor', '__proto__', 'toString', 'passage.constructor'])(
    'sees nothing but what it is given: %s',
    async (name) => expect(await filled(`[{{ ${name} }}]`)).toBe('[]'),
  );
});

describe('A preset', () => {
  const folder = path.resolve(import.meta.dirname, '..', '..', 'channel-presets');
  const presets = readdirSync(folder).flatMap((name) => /^(.*)\.yaml$/.exec(name)?.[1] ?? []);
  const alert = makeAlert({ why: 'a "quoted"\nwhy', rule: { id: 'r', name: 'R', severity: 'critical', verify: true } });

  async function sendPreset(preset: string, changes: object) {
    const asked = await send(
      { id: preset, name: preset, kind: 'webhook', preset, ca: side.ca, ...changes },
      makeMessage({ alert }),
    );
    return { path: asked?.path, headers: asked?.headers, body: JSON.parse(String(asked?.body)) };
  }

  test('is there for each service that we name', () => {
    expect(presets.toSorted()).toEqual(['discord', 'ntfy', 'pushover', 'teams', 'telegram']);
  });

  // What each service documents: https://docs.ntfy.sh/publish/#publish-as-json
  test('of ntfy', async () => {
    const { body, headers } = await sendPreset('ntfy', {
      values: { topic: 'plates', server: side.url },
      token: 'tk_1',
    });
    expect(body).toMatchObject({ topic: 'plates', priority: 5, message: expect.stringContaining('a "quoted"\nwhy') });
    expect(headers?.authorization).toBe('Bearer tk_1');
    const { headers: open } = await sendPreset('ntfy', { values: { topic: 'plates', server: side.url } });
    expect(open).not.toHaveProperty('authorization');
  });

  // https://pushover.net/api
  test('of Pushover', async () => {
    const { body } = await sendPreset('pushover', {
      url: `${side.url}/1/messages.json`,
      values: { user: 'u1' },
      token: 'a1',
    });
    expect(body).toMatchObject({ token: 'a1', user: 'u1', title: 'B1234AB – R', priority: 1 });
  });

  // https://core.telegram.org/bots/api#sendmessage
  test('of Telegram', async () => {
    const url = `${side.url}/bot{{ token }}/sendMessage`;
    const { body, path: asked } = await sendPreset('telegram', { url, values: { chat: '-100' }, token: '1:A' });
    expect(asked).toBe('/bot1:A/sendMessage');
    expect(body).toEqual({ chat_id: '-100', text: expect.stringMatching(/^B1234AB – R\na "quoted"\nwhy/) });
  });

  // https://discord.com/developers/docs/resources/webhook#execute-webhook
  test('of Discord', async () => {
    const { body } = await sendPreset('discord', {
      url: `${side.url}/{{ values.webhook }}/{{ token }}`,
      values: { webhook: '1' },
      token: 't',
    });
    expect(body).toMatchObject({
      embeds: [{ title: 'B1234AB – R', color: 15_158_332 }],
      allowed_mentions: { parse: [] },
    });
  });

  // https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook
  test('of Microsoft Teams', async () => {
    const { body, path: asked } = await sendPreset('teams', { token: `${side.url}/workflows/1?sig=s` });
    expect(asked).toBe('/workflows/1?sig=s');
    expect(body.attachments[0].content.body[0]).toMatchObject({ type: 'TextBlock', text: 'B1234AB – R' });
  });
});
