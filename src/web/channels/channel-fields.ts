import type { ChannelInput, ChannelKind } from '../../contract/channel.ts';

/** How a field is filled in; a list of texts is a choice among them. */
type As = 'text' | 'number' | 'list' | 'pairs' | 'area' | 'secret' | 'check' | readonly string[];

/** One field of a kind of channel. */
export type ChannelField = Readonly<{
  name: string;
  as: As;
  required?: boolean;
  /** What counts where nothing is given. */
  standard?: string | number | boolean;
  /** Seldom needed. */
  more?: boolean;
}>;

/** What the fields of a form hold; null is a secret that is to be removed. */
export type Values = Readonly<Record<string, string | boolean | null>>;

type FieldOf<Kind extends ChannelKind> = ChannelField &
  Readonly<{ name: keyof Extract<ChannelInput, { kind: Kind }> & string }>;

const PICTURES = ['plate', 'vehicle', 'frame', 'none'] as const;
const ca = { name: 'ca', as: 'area', more: true } as const;
const title = { name: 'title', as: 'area', more: true } as const;
const text = { name: 'text', as: 'area', more: true } as const;
const perMinute = (standard: number) => ({ name: 'per_minute', as: 'number', standard, more: true }) as const;
const maxAge = { name: 'max_age_seconds', as: 'number', more: true } as const;

/** The fields of each kind besides those that all have, in the order of the form. */
export const FIELDS: { readonly [Kind in ChannelKind]: readonly FieldOf<Kind>[] } = {
  smtp: [
    { name: 'host', as: 'text', required: true },
    { name: 'port', as: 'number', standard: 587 },
    { name: 'security', as: ['starttls', 'tls', 'none'], standard: 'starttls' },
    { name: 'user', as: 'text' },
    { name: 'password', as: 'secret' },
    { name: 'from', as: 'text', required: true },
    { name: 'to', as: 'list', required: true },
    { name: 'picture', as: PICTURES, standard: 'vehicle' },
    title,
    text,
    { name: 'html', as: 'area', more: true },
    ca,
    perMinute(30),
    maxAge,
  ],
  slack: [
    { name: 'bot_token', as: 'secret' },
    { name: 'channel', as: 'text' },
    { name: 'webhook_url', as: 'secret' },
    { name: 'picture', as: PICTURES, standard: 'vehicle' },
    title,
    text,
    { name: 'api_url', as: 'text', standard: 'https://slack.com/api', more: true },
    ca,
    perMinute(50),
    maxAge,
  ],
  twilio: [
    { name: 'account_sid', as: 'text', required: true },
    { name: 'auth_token', as: 'secret' },
    { name: 'from', as: 'text', required: true },
    { name: 'to', as: 'list', required: true },
    { name: 'callback_url', as: 'text' },
    text,
    { name: 'api_url', as: 'text', standard: 'https://api.twilio.com', more: true },
    ca,
    perMinute(60),
    maxAge,
  ],
  webhook: [
    { name: 'preset', as: 'text' },
    { name: 'url', as: 'text' },
    { name: 'signing_secret', as: 'secret' },
    { name: 'token', as: 'secret' },
    { name: 'values', as: 'pairs' },
    { name: 'format', as: ['alert', 'rekor', 'plate_recognizer', 'template'], standard: 'alert', more: true },
    { name: 'body', as: 'area', more: true },
    { name: 'content_type', as: 'text', more: true },
    { name: 'headers', as: 'pairs', more: true },
    title,
    text,
    { name: 'ordered', as: 'check', standard: true, more: true },
    { name: 'previous_signing_secret', as: 'secret', more: true },
    ca,
    perMinute(600),
    maxAge,
  ],
  mqtt: [
    { name: 'url', as: 'text', required: true },
    { name: 'user', as: 'text' },
    { name: 'password', as: 'secret' },
    { name: 'topic', as: 'text', standard: 'alpr' },
    { name: 'home_assistant', as: 'check', standard: false },
    { name: 'discovery_topic', as: 'text', standard: 'homeassistant', more: true },
    { name: 'on_seconds', as: 'number', standard: 30, more: true },
    { name: 'expiry_seconds', as: 'number', standard: 86_400, more: true },
    ca,
    perMinute(6000),
    maxAge,
  ],
  web_push: [
    { name: 'contact', as: 'text', required: true },
    title,
    text,
    { name: 'expiry_seconds', as: 'number', standard: 3600, more: true },
    perMinute(600),
    maxAge,
  ],
};

/** The kinds of channels, in the order of the form. */
export const KINDS = Object.keys(FIELDS) as readonly ChannelKind[];

/** What a form shows of a channel; without one, what a new one begins with. */
export function toValues(kind: ChannelKind, channel: object = {}): Values {
  const given = new Map<string, unknown>(Object.entries(channel));
  return Object.fromEntries(
    FIELDS[kind].map(({ name, as, standard }) => [name, toValue(as, given.get(name) ?? standard)]),
  );
}

function toValue(as: As, value: unknown): string | boolean {
  if (as === 'check') return value === true;
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, one]) => `${name}: ${one}`)
      .join('\n');
  return value === undefined ? '' : String(value);
}

/** The fields of a channel as the API takes them; what is empty is left out, and so stays or has its default. */
export function fromValues(kind: ChannelKind, values: Values): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    FIELDS[kind].flatMap(({ name, as }) => {
      const value = values[name];
      return value === undefined || value === null || value === '' ? [] : [[name, fromValue(as, value)]];
    }),
  );
}

/** The names of secrets that are to be removed. */
export function listRemoved(values: Values): readonly string[] {
  return Object.keys(values).filter((name) => values[name] === null);
}

function fromValue(as: As, value: string | boolean): unknown {
  if (typeof value === 'boolean') return value;
  if (as === 'number') return Number(value);
  if (as === 'list') return split(value, /[,\n]/);
  if (as !== 'pairs') return as === 'area' ? value : value.trim();
  return Object.fromEntries(
    split(value, '\n').map((line) => {
      const [, name = line, one = ''] = /^([^:]*):\s*(.*)$/.exec(line) ?? [];
      return [name.trim(), one];
    }),
  );
}

function split(text: string, by: string | RegExp): readonly string[] {
  return text
    .split(by)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
