import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { channelFieldsSchema, channelSchema } from '../../src/contract/channel.ts';
import { resolveSecrets, splitSecrets } from '../../src/contract/channel-secrets.ts';
import { FIELDS, fromValues, KINDS, toValues } from '../../src/web/channels/channel-fields.ts';
import { writeYaml } from '../../src/web/channels/write-yaml.ts';

const COMMON = ['id', 'name', 'kind', 'enabled', 'opens'];

/** A channel of each kind, with values that YAML may take for something else. */
const CHANNELS = [
  {
    kind: 'smtp',
    host: 'mail.example.org',
    user: 'on',
    password: 'x',
    from: 'Gate <gate@example.org>',
    to: ['a@example.org', 'b@example.org'],
    text: 'One: {{ why }}\nTwo',
  },
  { kind: 'slack', bot_token: 'xoxb-1', channel: 'C0123456789', picture: 'none' },
  {
    ...{ kind: 'twilio', account_sid: `AC${'0'.repeat(32)}`, auth_token: 'x' },
    ...{ from: '+15005550006', to: ['+4915550100'] },
  },
  {
    ...{ kind: 'webhook', url: 'https://example.org/{{ values.a }}', values: { a: 'yes: 1' }, ordered: false },
    ...{ headers: { 'x-b': '007' }, signing_secret: `whsec_${'A'.repeat(32)}`, opens: true },
  },
  { kind: 'mqtt', url: 'mqtts://broker:8883', password: 'x', home_assistant: true, on_seconds: 5, enabled: false },
  { kind: 'web_push', contact: 'mailto:a@example.org' },
].map((given) => channelSchema.parse({ id: `${given.kind}-1`, name: 'No: 1', ...given }));

describe.each(channelFieldsSchema.options)('the form of a kind of channel', ({ shape }) => {
  const kind = shape.kind.value;
  const fields = new Map<string, z.ZodType>(Object.entries(shape));

  test(`has the fields of ${kind} with their defaults, choices and secrets`, () => {
    const wanted = [...fields].filter(([name]) => !COMMON.includes(name));
    const described = wanted.map(([name, field]) => {
      const json = z.toJSONSchema(field, { io: 'input' });
      const standard = typeof json.default === 'object' ? undefined : json.default;
      const isSecret = field.meta()?.secret === true;
      return [name, standard, json.enum ?? isSecret, !field.safeParse(undefined).success];
    });
    const shown = FIELDS[kind].map(({ name, as, standard, required = false }) => {
      return [name, standard, typeof as === 'object' ? as : as === 'secret', required];
    });
    const byName = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
    expect(shown.toSorted(byName)).toEqual(described.toSorted(byName));
  });
});

test.each(CHANNELS)('a channel of kind $kind stays as it is through the form and as YAML', (channel) => {
  const { shown, secrets } = splitSecrets(channel);
  const { id, name, kind, enabled, opens } = channel;
  const sent = { id, name, kind, enabled, opens, ...fromValues(kind, toValues(kind, shown)) };
  expect(channelFieldsSchema.parse(sent)).toEqual(shown);
  const kept = { channel: shown, secrets: Object.keys(secrets), origin: 'page', changed_by: 'Ada', at: '' } as const;
  const yaml = writeYaml({ ...kept, waiting: 0, dead: 0, sent: 0, last_sent_at: null, trouble: null });
  const named = Object.entries(secrets).map(([field, value]) => [`${id}_${field}`.replaceAll('-', '_'), value]);
  expect(channelSchema.parse(resolveSecrets(parse(yaml)[0], Object.fromEntries(named)))).toEqual(channel);
});

test('every kind has a form', () => {
  expect(KINDS.toSorted()).toEqual(channelFieldsSchema.options.map(({ shape }) => shape.kind.value).toSorted());
});
