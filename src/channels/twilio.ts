import type { OutgoingCheck } from '../base/outgoing-address.ts';
import type { ChannelOf } from '../contract/channel.ts';
import { twilioStatusPath } from '../exchange/twilio-status.ts';
import { type Channel, DeliveryError } from './channel.ts';
import { post, requireTaken } from './http.ts';
import { sendToEach } from './send-to-each.ts';
import type { Templates } from './templates.ts';

/** Sends text messages by Twilio's REST API. */
export function openTwilio(
  config: ChannelOf<'twilio'>,
  { check, templates }: Readonly<{ check: OutgoingCheck; templates: Templates }>,
): Channel {
  const { account_sid, auth_token = '', api_url, callback_url, from, to, ca } = config;
  const url = `${api_url.replace(/\/$/, '')}/2010-04-01/Accounts/${account_sid}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${account_sid}:${auth_token}`).toString('base64')}`;
  const sender = from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from };

  return {
    async send(message) {
      const { title, text } = templates.write(message, config);
      const status = callback_url && `${callback_url.replace(/\/$/, '')}${twilioStatusPath(config.id, message.key)}`;
      const body = config.text === undefined ? `${title}\n${text}` : text;
      return sendToEach(to, message, async (recipient) => {
        const form = { To: recipient, ...sender, Body: body, ...(status && { StatusCallback: status }) };
        const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
        const request = { url, headers, body: new URLSearchParams(form).toString(), ca, signal: message.signal };
        const answer = requireTaken(await post(check, request));
        const { sid, status: state } = parse(answer.body.toString('utf8'));
        return `${state} ${sid}`;
      });
    },
    async [Symbol.asyncDispose]() {},
  };
}

function parse(text: string): Readonly<{ sid: string; status: string }> {
  try {
    const { sid, status } = JSON.parse(text);
    if (typeof sid === 'string' && typeof status === 'string') return { sid, status };
  } catch {
    // Said below.
  }
  throw new DeliveryError('DELIVERY_FAILED', 'Expected a message as JSON of Twilio', { mayHaveArrived: true });
}
