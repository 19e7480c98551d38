import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChannelInput } from '../../src/contract/channel.ts';
import { makeMessage, openChannel, PICTURE } from './open-channel.ts';
import { answerLikeSlack, SLACK_TOKEN } from './other-sides.ts';
import { type Answer, type Asked, type HttpSide, openHttpSide } from './sides/http-side.ts';

let side: HttpSide;
let answer: (asked: Asked, url: string) => Answer;
beforeAll(async () => {
  side = await openHttpSide((asked, url) => answer(asked, url));
});
afterAll(() => side?.[Symbol.asyncDispose]());
beforeEach(() => {
  side.asked.length = 0;
  side.mode = 'well';
  answer = answerLikeSlack;
});

const bot = (): ChannelInput => ({
  ...{ id: 'chat', name: 'Chat', kind: 'slack', bot_token: SLACK_TOKEN, channel: 'C0123456789' },
  ...{ api_url: `${side.url}/api`, ca: side.ca },
});

async function send(input: ChannelInput, message = makeMessage()) {
  await using channel = await openChannel(input);
  return await channel.send(message);
}

const paths = () => side.asked.map(({ path }) => path.replace('/api/', ''));
const bodyOf = (method: string) => JSON.parse(String(side.asked.find(({ path }) => path.endsWith(method))?.body));

describe('A bot of Slack', () => {
  test('posts the alert, and its picture into the thread', async () => {
    const receipt = await send(bot());
    expect(receipt).toEqual({
      recipient: 'C0123456789',
      answer: 'posted, with a picture',
      reference: { ts: '1503435956.000247' },
    });
    expect(paths()).toEqual([
      'chat.postMessage',
      'files.getUploadURLExternal',
      '/upload',
      'files.completeUploadExternal',
    ]);
    expect(bodyOf('chat.postMessage')).toMatchObject({
      channel: 'C0123456789',
      text: expect.stringMatching(/^\*B1234AB – Open the gate\*\n.*Ada &lt;Lovelace&gt;/s),
    });
    const form = new URLSearchParams(String(side.asked[1]?.body));
    expect(Object.fromEntries(form)).toEqual({ filename: 'B1234AB.jpg', length: String(PICTURE.length) });
    expect(side.asked[2]?.body).toEqual(Buffer.from(PICTURE));
    expect(bodyOf('completeUploadExternal')).toEqual({
      files: [{ id: 'F123ABC456', title: 'B1234AB.jpg' }],
      channel_id: 'C0123456789',
      thread_ts: '1503435956.000247',
    });
  });

  test('changes its message when the alert is withdrawn, or posts another where that is too late', async () => {
    const message = makeMessage({ kind: 'withdrawn', earlier: { ts: '1503435956.000247' } });
    await send(bot(), message);
    expect(paths()).toEqual(['chat.update']);
    expect(bodyOf('chat.update')).toMatchObject({
      ts: '1503435956.000247',
      text: expect.stringMatching(/^~Withdrawn: B1234AB/),
    });
    answer = (asked, url) =>
      asked.path.endsWith('chat.update')
        ? { body: '{"ok":false,"error":"edit_window_closed"}' }
        : answerLikeSlack(asked, url);
    await send({ ...bot(), picture: 'none' } as ChannelInput, message);
    expect(paths()).toEqual(['chat.update', 'chat.update', 'chat.postMessage']);
    expect(bodyOf('chat.postMessage')).toMatchObject({ thread_ts: '1503435956.000247' });
  });

  test('posts the alert once, though its picture cannot be added', async () => {
    answer = (asked, url) =>
      asked.path.includes('files.') ? { body: '{"ok":false,"error":"missing_scope"}' } : answerLikeSlack(asked, url);
    const { answer: told } = await send(bot());
    expect(told).toMatch(/^posted, without its picture: .*missing_scope$/);
  });

  test.each([
    ['invalid_auth', 'DELIVERY_FAILED'],
    ['channel_not_found', 'DELIVERY_FAILED'],
    ['msg_too_long', 'DELIVERY_REFUSED'],
  ])('takes "ok": false with status 200 for what it is: %s', async (error, code) => {
    answer = () => ({ body: JSON.stringify({ ok: false, error }) });
    await expect(send(bot())).rejects.toMatchObject({ code, message: expect.stringContaining(error) });
  });

  test('waits as long as Slack says', async () => {
    side.mode = { status: 429, headers: { 'retry-after': '30' }, body: '{"ok":false,"error":"ratelimited"}' };
    await expect(send(bot())).rejects.toMatchObject({ code: 'DELIVERY_FAILED', retryAfterMs: 30_000 });
  });
});

test('An incoming webhook of Slack gets the text', async () => {
  answer = () => ({ body: 'ok' });
  const webhook_url = `${side.url}/services/T0/B0/secret`;
  const receipt = await send({ id: 'chat', name: 'Chat', kind: 'slack', webhook_url, ca: side.ca });
  expect(receipt).toEqual({ recipient: 'incoming webhook', answer: '200 ok' });
  expect(JSON.parse(String(side.asked[0]?.body))).toEqual({ text: expect.stringContaining('B1234AB') });
});
