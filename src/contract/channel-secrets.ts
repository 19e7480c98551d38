import { z } from 'zod';
import { type Channel, channelFieldsSchema, channelSchema } from './channel.ts';

/** Secret fields of a channel by their names. */
export type Secrets = Readonly<Record<string, string>>;

/** Names of the fields that are secret, of any kind of channel. */
export const SECRET_FIELDS: ReadonlySet<string> = new Set(
  channelFieldsSchema.options.flatMap(({ shape }) =>
    Object.entries(shape).flatMap(([name, field]) => (field.meta()?.secret === true ? [name] : [])),
  ),
);

/** A channel in two parts: what may be shown, and what is to be sealed. */
export function splitSecrets<T extends object>(channel: T): Readonly<{ shown: T; secrets: Secrets }> {
  const isSecret = ([name]: readonly [string, unknown]) => SECRET_FIELDS.has(name);
  const fields = Object.entries(channel);
  return {
    shown: Object.fromEntries(fields.filter((field) => !isSecret(field))) as T,
    secrets: Object.fromEntries(fields.filter((field) => isSecret(field) && field[1] !== undefined)),
  };
}

/**
 * Both parts together, checked. Where `shown` has a secret of its own, this one counts; secrets that its kind does not know are left
 * out. A ZodError says what is missing.
 */
export function joinSecrets(shown: object, secrets: Secrets): Channel {
  const kind = 'kind' in shown ? shown.kind : undefined;
  const schema = channelFieldsSchema.options.find((option) => option.shape.kind.value === kind);
  const known = Object.entries(secrets).filter(([name]) => schema && name in schema.shape);
  return channelSchema.parse({ ...Object.fromEntries(known), ...shown });
}

/** Both parts together, or a sentence that says what is missing. */
export function tryJoinSecrets(shown: object, secrets: Secrets): Channel | string {
  try {
    return joinSecrets(shown, secrets);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    return `${issue?.path.join('.')}: ${issue?.message}`;
  }
}

/** What decides who gets to know the secrets. */
const TARGET = [
  'kind',
  'host',
  'port',
  'security',
  'url',
  'api_url',
  'preset',
  'values',
  'headers',
  'body',
  'ca',
] as const;

/** Whether a channel that was changed sends elsewhere, or shows its secrets otherwise, so that those kept are not for it. */
export function sendsElsewhere(before: object, after: object): boolean {
  const targetOf = (channel: object) => JSON.stringify(TARGET.map((name) => inOrder(Reflect.get(channel, name))));
  return targetOf(before) !== targetOf(after);
}

/** The database keeps fields in an order of its own. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * A channel as a file has it, with each `{ secret: NAME }` replaced by that secret of the configuration. What names an unknown secret
 * stays, for the schema to refuse.
 */
export function resolveSecrets(channel: unknown, secrets: Secrets): unknown {
  if (typeof channel !== 'object' || channel === null) return channel;
  return Object.fromEntries(
    Object.entries(channel).map(([name, value]) => [name, SECRET_FIELDS.has(name) ? lookUp(value, secrets) : value]),
  );
}

function lookUp(value: unknown, secrets: Secrets): unknown {
  if (typeof value !== 'object' || value === null || !('secret' in value)) return value;
  // The environment gives names in lower case.
  const name = String(value.secret).toLowerCase();
  return Object.hasOwn(secrets, name) ? secrets[name] : value;
}
