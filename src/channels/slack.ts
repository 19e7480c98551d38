import type { OutgoingCheck } from '../base/outgoing-address.ts';
import type { ChannelOf } from '../contract/channel.ts';
import { type Channel, DeliveryError, type Message, type Receipt } from './channel.ts';
import { describeAnswer, post, readRetryAfter, requireTaken } from './http.ts';
import type { Templates } from './templates.ts';

type SlackConfig = ChannelOf<'slack'>;
type Given = Readonly<{ check: OutgoingCheck; templates: Templates }>;
type Answer = Readonly<{
  ok: boolean;
  error?: string;
  ts?: string;
  channel?: string;
  upload_url?: string;
  file_id?: string;
}>;

/** Errors of Slack's Web API that are about the message itself. */
const REFUSALS: ReadonlySet<string> = new Set(['msg_too_long', 'no_text', 'invalid_blocks', 'invalid_arguments']);
/** Errors that say that a message cannot be changed any more: the correction is then a message of its own. */
const UNCHANGEABLE: ReadonlySet<string> = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** Writes to Slack by an incoming webhook, or as a bot, which adds a picture and changes its message when the alert is corrected. */
export function openSlack(config: SlackConfig, given: Given): Channel {
  const { webhook_url, bot_token, channel } = config;
  const send =
    bot_token !== undefined && channel !== undefined
      ? (message: Message) => sendAsBot(message, { ...given, config, channel, token: bot_token })
      : (message: Message) => sendToWebhook(message, { ...given, config, url: webhook_url ?? '' });
  return { send, async [Symbol.asyncDispose]() {} };
}

async function sendToWebhook(
  message: Message,
  { check, templates, config, url }: Given & Readonly<{ config: SlackConfig; url: string }>,
): Promise<Receipt> {
  const body = JSON.stringify({ text: writeText(message, templates, config) });
  const headers = { 'content-type': 'application/json' };
  const answer = await post(check, { url, headers, body, ca: config.ca, signal: message.signal });
  return { recipient: 'incoming webhook', answer: describeAnswer(requireTaken(answer)) };
}

type Bot = Given & Readonly<{ config: SlackConfig; channel: string; token: string }>;

async function sendAsBot(message: Message, bot: Bot): Promise<Receipt> {
  const text = writeText(message, bot.templates, bot.config);
  const ts = await changeEarlier(message, bot, text);
  if (ts !== undefined) return { recipient: bot.channel, answer: 'changed', reference: { ts } };
  const thread = message.earlier?.ts;
  const posted = await call(bot, message, 'chat.postMessage', {
    channel: bot.channel,
    text,
    unfurl_links: false,
    metadata: { event_type: 'alpr_alert', event_payload: { key: message.key } },
    ...(typeof thread === 'string' && { thread_ts: thread }),
  });
  const picture = await addPicture(message, bot, posted.ts);
  return { recipient: bot.channel, answer: `posted, ${picture}`, reference: { ts: posted.ts } };
}

/** The message before, changed; undefined where there is none or it cannot be changed. */
async function changeEarlier(message: Message, bot: Bot, text: string): Promise<string | undefined> {
  const ts = message.earlier?.ts;
  if (typeof ts !== 'string') return undefined;
  const answer = await ask(bot, message, 'chat.update', { channel: bot.channel, ts, text });
  if (answer.ok) return ts;
  if (UNCHANGEABLE.has(answer.error ?? '')) return undefined;
  throw toError('chat.update', answer.error);
}

/** In the thread of the message. Without it the message stands all the same: sending it again would double it. */
async function addPicture(message: Message, bot: Bot, ts: string | undefined): Promise<string> {
  const { picture } = bot.config;
  const bytes = picture === 'none' ? undefined : (await message.pictures())[picture];
  if (bytes === undefined || ts === undefined) return 'no picture';
  try {
    const filename = `${message.alert.passage?.text ?? 'plate'}.jpg`;
    const form = { filename, length: String(bytes.length) };
    const { upload_url = '', file_id = '' } = await call(bot, message, 'files.getUploadURLExternal', form, 'form');
    const headers = { 'content-type': 'image/jpeg' };
    const { ca } = bot.config;
    requireTaken(await post(bot.check, { url: upload_url, headers, body: bytes, ca, signal: message.signal }));
    const files = [{ id: file_id, title: filename }];
    await call(bot, message, 'files.completeUploadExternal', { files, channel_id: bot.channel, thread_ts: ts });
    return 'with a picture';
  } catch (error) {
    if (error instanceof DeliveryError) return `without its picture: ${error.message}`;
    throw error;
  }
}

async function call(bot: Bot, message: Message, method: string, body: object, as: 'json' | 'form' = 'json') {
  const answer = await ask(bot, message, method, body, as);
  if (!answer.ok) throw toError(method, answer.error);
  return answer;
}

/** An answer of the Web API, which says with status 200 what went wrong. */
async function ask(bot: Bot, { signal }: Message, method: string, body: object, as: 'json' | 'form' = 'json') {
  const isForm = as === 'form';
  const answer = await post(bot.check, {
    url: `${bot.config.api_url.replace(/\/$/, '')}/${method}`,
    headers: {
      authorization: `Bearer ${bot.token}`,
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8',
    },
    body: isForm ? new URLSearchParams(Object.entries(body)).toString() : JSON.stringify(body),
    ca: bot.config.ca,
    signal,
  });
  requireTaken(answer);
  const found = parse(answer.body.toString('utf8'));
  if (found?.error === 'ratelimited') throw toError(method, found.error, readRetryAfter(answer));
  if (found) return found;
  throw new DeliveryError('DELIVERY_FAILED', `Expected JSON of Slack, got ${describeAnswer(answer)}`);
}

function parse(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean'
      ? (value as Answer)
      : undefined;
  } catch {
    return undefined;
  }
}

function toError(method: string, error = 'no reason', retryAfterMs?: number): DeliveryError {
  const code = REFUSALS.has(error) ? 'DELIVERY_REFUSED' : 'DELIVERY_FAILED';
  return new DeliveryError(code, `Expected Slack to do ${method}: ${error}`, { retryAfterMs });
}

/** Slack's own marks; three signs would be taken for markup. */
function writeText(message: Message, templates: Templates, config: SlackConfig): string {
  const { title, text } = templates.write(message, config);
  const [head, body] = [title, text].map((part) =>
    part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  );
  const mark = message.kind === 'withdrawn' ? '~' : '*';
  return `${mark}${head}${mark}\n${body}`;
}
