import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/base/yaml.ts';
import { channelSchema } from '../../src/contract/channel.ts';
import { resolveSecrets } from '../../src/contract/channel-secrets.ts';
import { readPage } from '../docs-pages.ts';

const SECRETS = {
  mail: 'm',
  slack: 'xoxb-1',
  twilio: 't',
  mqtt: 'q',
  gate: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
};

/** Channels of the examples, with what the guide adds to one of them below it. */
const examples = [...readPage('docs/guide/channels.md').matchAll(/```yaml\n(.*?)```/gs)].flatMap(([, text = '']) => {
  const tree: unknown = parseYaml(text.replace(/^channels:\n(?= {2}- )/, '').replace(/^rules:.*/ms, ''));
  return Array.isArray(tree) ? tree.filter((one) => one.kind !== undefined) : [];
});

describe('The guide to channels', () => {
  test('shows each kind, and a preset', () => {
    const kinds = examples.map(({ kind, preset }) => preset ?? kind);
    expect(kinds).toEqual(['smtp', 'slack', 'twilio', 'webhook', 'ntfy', 'mqtt', 'web_push']);
  });

  test.each(examples)('has an example that can be used: $id', (example) => {
    expect(channelSchema.safeParse(resolveSecrets(example, SECRETS)).error).toBeUndefined();
  });
});
