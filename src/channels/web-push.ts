import { createHash } from 'node:crypto';
import webPush from 'web-push';
import type { OutgoingCheck } from '../base/outgoing-address.ts';
import type { ChannelOf } from '../contract/channel.ts';
import type { Channel, Message } from './channel.ts';
import { post, requireTaken } from './http.ts';
import type { PushRegister } from './push-register.ts';
import { sendToEach } from './send-to-each.ts';
import type { Templates } from './templates.ts';

const URGENCIES = { info: 'low', warning: 'normal', critical: 'high' } as const;
/** What push services take, less what encryption adds. */
const MAX_TEXT = 2000;

/** Notifies the browsers of people who asked for it. A correction takes the place of a notification that was not fetched yet. */
export function openWebPush(
  config: ChannelOf<'web_push'>,
  { check, templates, push }: Readonly<{ check: OutgoingCheck; templates: Templates; push: PushRegister }>,
): Channel {
  return {
    async send(message) {
      const { publicKey, privateKey } = await push.key();
      const payload = writePayload(message, templates, config);
      const subscriptions = new Map((await push.listFor(message.alert)).map((one) => [one.endpoint, one]));
      if (subscriptions.size === 0) return { recipient: 'nobody', answer: 'Nobody asked for notifications' };
      const name = message.alert.alert_id;
      const options = {
        vapidDetails: { subject: config.contact, publicKey, privateKey },
        TTL: config.expiry_seconds,
        urgency: URGENCIES[message.alert.rule.severity],
        topic: createHash('sha256').update(name).digest('base64url').slice(0, 32),
        contentEncoding: 'aes128gcm',
      } as const;
      const { answer } = await sendToEach([...subscriptions.keys()], message, async (endpoint) => {
        const subscription = subscriptions.get(endpoint) ?? { endpoint };
        if (!('keys' in subscription)) return 'gone';
        const { headers, body } = webPush.generateRequestDetails({ ...subscription }, payload, options);
        const request = { url: endpoint, headers: toText(headers), body: body ?? '', signal: message.signal };
        const answer = await post(check, request);
        if (answer.status === 404 || answer.status === 410) {
          await push.remove(endpoint);
          return 'gone';
        }
        return String(requireTaken(answer).status);
      });
      const hosts = new Set([...subscriptions.keys()].map((endpoint) => URL.parse(endpoint)?.host ?? '?'));
      return { recipient: `${subscriptions.size} at ${[...hosts].join(', ')}`, answer };
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** What the page's service worker shows. */
function writePayload(message: Message, templates: Templates, config: ChannelOf<'web_push'>): string {
  const { title, text } = templates.write(message, config);
  const { alert, kind } = message;
  const { alert_id, rule } = alert;
  return JSON.stringify({
    title: title.slice(0, 200),
    body: text.slice(0, MAX_TEXT),
    key: message.key,
    tag: alert_id,
    kind,
    severity: rule.severity,
    event_id: alert.passage?.event_id ?? null,
  });
}

/** Without the length, which whoever sends it counts. */
function toText(headers: object): Record<string, string> {
  const known = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}
