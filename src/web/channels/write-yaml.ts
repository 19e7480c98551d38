import type { KeptChannel } from '../../contract/api/channels.ts';
import { FIELDS } from './channel-fields.ts';

/** A channel as it stands in the file of rules, without what is so by default; each secret names where it comes from. */
export function writeYaml({ channel, secrets }: KeptChannel): string {
  const { id, name, kind, enabled, opens } = channel;
  const given = new Map<string, unknown>(Object.entries(channel));
  const lines = FIELDS[kind].flatMap(({ name: field, standard }) => {
    if (secrets.includes(field)) return [`${field}: { secret: ${nameSecret(id, field)} }`];
    const value = given.get(field);
    return value === undefined || value === standard || isEmpty(value) ? [] : [`${field}: ${write(value)}`];
  });
  const common = [`id: ${write(id)}`, `name: ${write(name)}`, `kind: ${kind}`];
  const switches = [...(enabled ? [] : ['enabled: false']), ...(opens ? ['opens: true'] : [])];
  return `- ${[...common, ...switches, ...lines].join('\n  ')}\n`;
}

/** The name that a secret has in the environment. */
function nameSecret(id: string, field: string): string {
  return `${id}_${field}`.toUpperCase().replaceAll('-', '_');
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** JSON is YAML; words that mean nothing else need no quotes. */
function write(value: unknown): string {
  const isWord = typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.@-]*$/.test(value);
  return isWord && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value) ? value : JSON.stringify(value);
}
