import { Webhook } from 'standardwebhooks';
import type { OutgoingCheck } from '../base/outgoing-address.ts';
import type { ChannelOf } from '../contract/channel.ts';
import { encodePlateRecognizer } from '../exchange/plate-recognizer.ts';
import { encodeRekor } from '../exchange/rekor.ts';
import { type Channel, DeliveryError, type Message } from './channel.ts';
import { describeAnswer, post, requireTaken } from './http.ts';
import { readPreset } from './presets.ts';
import type { Templates } from './templates.ts';

type WebhookConfig = ChannelOf<'webhook'>;

/** Posts alerts to an address, signed by Standard Webhooks where there is a secret. */
export async function openWebhook(
  config: WebhookConfig,
  { check, templates }: Readonly<{ check: OutgoingCheck; templates: Templates }>,
): Promise<Channel> {
  const preset = config.preset === undefined ? undefined : await readPreset(config.preset);
  const { token, values, ca } = config;
  const given = { token, values };
  const url = templates.render(config.url ?? preset?.url ?? '', given).trim();
  const headers = Object.entries({ ...preset?.headers, ...config.headers })
    .map(([name, template]) => [name.toLowerCase(), templates.render(template, given).trim()] as const)
    // A header without a value is one that the preset offers and nobody wants.
    .filter(([, value]) => value !== '');
  const contentType = config.content_type ?? preset?.content_type ?? 'application/json';
  const template = config.body ?? preset?.body;
  const signers = [config.signing_secret, config.previous_signing_secret].flatMap((one) =>
    one === undefined ? [] : [new Webhook(one)],
  );

  async function write(message: Message): Promise<string | undefined> {
    if (config.format === 'rekor' || config.format === 'plate_recognizer')
      return writeForeign(message, config.format, url);
    if (template === undefined || (config.format === 'alert' && !preset)) return writeAlert(message);
    const { scope } = templates.write(message, config);
    const body = templates.render(template, { ...scope, ...given });
    if (/\bjson\b/.test(contentType)) requireJson(body);
    return body;
  }

  const shownUrl = url.replace(/[?#].*$/, '');
  return {
    async send(message) {
      const body = await write(message);
      if (body === undefined) return { recipient: shownUrl, answer: 'Nothing to send: this format has no word for it' };
      const at = new Date();
      const signatures = signers.map((signer) => signer.sign(message.key, at, body));
      const answer = await post(check, {
        url,
        headers: {
          'content-type': contentType,
          'user-agent': 'OVR-ALPR',
          'webhook-id': message.key,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
          ...Object.fromEntries(headers),
        },
        body,
        ca,
        signal: message.signal,
      });
      return { recipient: shownUrl, answer: describeAnswer(requireTaken(answer)) };
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Our own JSON, in the envelope that Standard Webhooks recommends. */
function writeAlert({ kind, alert }: Message): string {
  return JSON.stringify({ type: `alert.${kind}`, timestamp: alert.at, data: alert });
}

/** What another system would post; undefined where it has no word for the message. */
async function writeForeign(
  message: Message,
  format: 'rekor' | 'plate_recognizer',
  url: string,
): Promise<string | undefined> {
  const event = message.kind === 'withdrawn' ? undefined : await message.event();
  if (!event) return undefined;
  if (format === 'rekor') return JSON.stringify(encodeRekor(event, await message.pictures()));
  return JSON.stringify(encodePlateRecognizer(event, url));
}

function requireJson(body: string): void {
  try {
    JSON.parse(body);
  } catch (cause) {
    throw new DeliveryError('DELIVERY_REFUSED', 'Expected the template of the body to give JSON; use the filter json', {
      cause,
    });
  }
}
