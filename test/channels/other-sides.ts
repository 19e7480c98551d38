import { connectAsync } from 'mqtt';
import type { PushRegister } from '../../src/channels/push-register.ts';
import type { ChannelInput, ChannelKind } from '../../src/contract/channel.ts';
import { startMosquitto } from '../servers/servers.ts';
import { createBrowserSide } from './sides/browser-side.ts';
import { type Answer, type Asked, type HttpSide, openHttpSide } from './sides/http-side.ts';
import { openSmtpSide } from './sides/smtp-side.ts';

/** What an other side has of one message, whatever its protocol: the name it was given, and all text. */
export type Got = Readonly<{ key: string; text: string }>;

/** The other side of one kind of channel. */
export type OtherSide = AsyncDisposable &
  Readonly<{
    channel: ChannelInput;
    /** The same, at an address where nothing listens. */
    elsewhere: ChannelInput;
    push?: PushRegister;
    got(): readonly Got[];
    /** Waits for the connection to break, or to answer no more. */
    fail(how: 'silent' | 'cut' | 'busy' | 'well'): Promise<void>;
  }>;

const BUSY = [{ status: 429, headers: { 'retry-after': '7' } }, { status: 503 }, { status: 500 }];

function overHttp(
  side: HttpSide,
  channel: (url: string, ca: string | undefined) => ChannelInput,
  read: (asked: Asked) => Got | undefined,
): OtherSide {
  return {
    channel: channel(side.url, side.ca),
    elsewhere: channel('https://127.0.0.1:1', side.ca),
    got: () => side.asked.flatMap((asked) => read(asked) ?? []),
    async fail(how) {
      side.mode = how === 'busy' ? BUSY : how;
    },
    [Symbol.asyncDispose]: () => side[Symbol.asyncDispose](),
  };
}

export const SLACK_TOKEN = 'xoxb-secret-1';

/** As https://docs.slack.dev/reference/methods describes them. */
export function answerLikeSlack({ path, headers, body }: Asked, url: string): Answer {
  if (path === '/upload') return { body: `OK - ${body.length}` };
  if (headers.authorization !== `Bearer ${SLACK_TOKEN}`) return { body: '{"ok":false,"error":"invalid_auth"}' };
  const answers: Record<string, object> = {
    '/api/chat.postMessage': { ok: true, channel: 'C0123456789', ts: '1503435956.000247' },
    '/api/chat.update': { ok: true, channel: 'C0123456789', ts: '1503435956.000247' },
    '/api/files.getUploadURLExternal': { ok: true, upload_url: `${url}/upload`, file_id: 'F123ABC456' },
    '/api/files.completeUploadExternal': { ok: true, files: [{ id: 'F123ABC456' }] },
  };
  return { body: JSON.stringify(answers[path] ?? { ok: false, error: 'unknown_method' }) };
}

export const TWILIO_SID = `AC${'0'.repeat(32)}`;

/** As https://www.twilio.com/docs/messaging/api/message-resource describes it. */
function answerLikeTwilio(): Answer {
  return { status: 201, body: JSON.stringify({ sid: `SM${'1'.repeat(32)}`, status: 'queued', error_code: null }) };
}

const header = ({ headers }: Asked, name: string) => String(headers[name] ?? '');

/** Opens the other side of each kind: a real server, or a local one that speaks the protocol. */
export const OTHER_SIDES: Readonly<Record<ChannelKind, () => Promise<OtherSide>>> = {
  async smtp() {
    const side = await openSmtpSide();
    const channel = (port: number): ChannelInput => ({
      ...{
        id: 'mail',
        name: 'Guards',
        kind: 'smtp',
        host: '127.0.0.1',
        port,
        ca: side.ca,
        user: 'gate',
        password: 'right',
      },
      ...{ from: 'Gate <gate@example.org>', to: ['guard@example.org'] },
    });
    return {
      channel: channel(side.port),
      elsewhere: channel(1),
      got: () =>
        side.mails.map(({ text }) => ({ key: /^Message-ID: <(.*)@example.org>/im.exec(text)?.[1] ?? '', text })),
      async fail(how) {
        side.mode = how === 'busy' ? 451 : how;
      },
      [Symbol.asyncDispose]: () => side[Symbol.asyncDispose](),
    };
  },
  async slack() {
    const side = await openHttpSide(answerLikeSlack);
    const channel = (url: string, ca: string | undefined): ChannelInput => ({
      ...{ id: 'chat', name: 'Chat', kind: 'slack', bot_token: SLACK_TOKEN, channel: 'C0123456789' },
      ...{ api_url: `${url}/api`, ca },
    });
    return overHttp(side, channel, ({ path, body }) => {
      if (!/chat\.(postMessage|update)$/.test(path)) return undefined;
      const { text, metadata } = JSON.parse(body.toString());
      return { key: metadata?.event_payload.key ?? '', text };
    });
  },
  async twilio() {
    const side = await openHttpSide(answerLikeTwilio);
    const channel = (url: string, ca: string | undefined): ChannelInput => ({
      ...{
        id: 'phone',
        name: 'Phone',
        kind: 'twilio',
        account_sid: TWILIO_SID,
        auth_token: 'sesame',
        from: '+15005550006',
      },
      ...{ to: ['+4915550100'], callback_url: 'https://alpr.example.org', api_url: url, ca },
    });
    return overHttp(side, channel, ({ body }) => {
      const form = new URLSearchParams(body.toString());
      return {
        key: new URL(form.get('StatusCallback') ?? '').searchParams.get('key') ?? '',
        text: form.get('Body') ?? '',
      };
    });
  },
  async webhook() {
    const side = await openHttpSide(() => ({ body: 'taken' }));
    const channel = (url: string, ca: string | undefined): ChannelInput => ({
      ...{ id: 'hook', name: 'Gate', kind: 'webhook', url: `${url}/gate`, ca },
      signing_secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    });
    return overHttp(side, channel, (asked) => ({ key: header(asked, 'webhook-id'), text: asked.body.toString() }));
  },
  async mqtt() {
    const broker = await startMosquitto();
    const got: Got[] = [];
    const client = await connectAsync(broker.url, { protocolVersion: 5 });
    client.on('message', (_topic, payload, packet) => {
      got.push({ key: String(packet.properties?.userProperties?.key ?? ''), text: payload.toString() });
    });
    await client.subscribeAsync(['alpr/alerts/#', 'alpr/test'], { qos: 1 });
    const { secureUrl, ca, user, password } = broker;
    const channel = (url: string): ChannelInput => ({ id: 'bus', name: 'Bus', kind: 'mqtt', url, ca, user, password });
    return {
      channel: channel(secureUrl),
      elsewhere: channel('mqtts://127.0.0.1:1'),
      got: () => got,
      async fail(how) {
        if (how === 'silent') await broker.control.pause();
        else if (how === 'well') await broker.control.resume();
      },
      async [Symbol.asyncDispose]() {
        await client.endAsync(true);
        await broker[Symbol.asyncDispose]();
      },
    };
  },
  async web_push() {
    const side = await openHttpSide(() => ({ status: 201, body: '' }), { secure: false });
    const browser = createBrowserSide();
    const { createECDH } = await import('node:crypto');
    const pair = createECDH('prime256v1');
    const publicKey = pair.generateKeys('base64url');
    const told = { endpoint: `${side.url}/send/1`, keys: browser.keys };
    const push: PushRegister = {
      key: async () => ({ publicKey, privateKey: pair.getPrivateKey('base64url') }),
      listFor: async () => [told],
      remove: async () => undefined,
    };
    const channel: ChannelInput = { id: 'push', name: 'Push', kind: 'web_push', contact: 'mailto:gate@example.org' };
    const other = overHttp(
      side,
      () => channel,
      (asked) => ({ key: JSON.parse(browser.read(asked.body)).key, text: browser.read(asked.body) }),
    );
    return { ...other, push };
  },
};
