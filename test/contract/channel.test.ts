import { describe, expect, test } from 'vitest';
import { type Channel, channelFieldsSchema, channelSchema } from '../../src/contract/channel.ts';
import { joinSecrets, resolveSecrets, splitSecrets } from '../../src/contract/channel-secrets.ts';

const MAIL = {
  id: 'mail',
  name: 'Guards',
  kind: 'smtp',
  host: 'mail.example.org',
  user: 'gate',
  password: 'kept secret',
  from: 'Gate <gate@example.org>',
  to: ['guard@example.org'],
};

const SIGNED = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const faultsOf = (channel: object) => {
  const result = channelSchema.safeParse(channel);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('A channel', () => {
  test.each([
    ['smtp without a password', { ...MAIL, password: undefined }, /^password: expected both/],
    ['slack without an address or a token', { id: 's', name: 'S', kind: 'slack' }, /^bot_token: expected either/],
    [
      'a bot without a channel',
      { id: 's', name: 'S', kind: 'slack', bot_token: 'xoxb-1' },
      /^channel: expected the id/,
    ],
    ['a webhook without an address', { id: 'w', name: 'W', kind: 'webhook' }, /^url: expected an address/],
    [
      'a signing secret of another form',
      { id: 'w', name: 'W', kind: 'webhook', url: 'https://example.org', signing_secret: 'guess' },
      /^signing_secret: expected whsec_/,
    ],
    ['an unknown field', { ...MAIL, pasword: 'x' }, /Unrecognized key/],
  ])('is refused: %s', (_what, channel, fault) => {
    expect(faultsOf(channel)).toEqual([expect.stringMatching(fault)]);
  });

  test('shows each field with a sentence', () => {
    const lacking = channelFieldsSchema.options.flatMap(({ shape }) =>
      Object.entries(shape)
        .filter(([name, field]) => name !== 'kind' && !/\.$/.test(field.meta()?.description ?? ''))
        .map(([name]) => `${shape.kind.value}.${name}`),
    );
    expect(lacking).toEqual([]);
  });
});

describe('The secrets of a channel', () => {
  const channel: Channel = channelSchema.parse(MAIL);

  test('are split off and joined again', () => {
    const { shown, secrets } = splitSecrets(channel);
    expect(secrets).toEqual({ password: 'kept secret' });
    expect(JSON.stringify(shown)).not.toContain('kept secret');
    expect(joinSecrets(shown, secrets)).toEqual(channel);
  });

  test('stay when a change leaves them out, and go when it gives others', () => {
    const { shown, secrets } = splitSecrets(channel);
    expect(joinSecrets({ ...shown, name: 'Others' }, secrets)).toMatchObject({
      name: 'Others',
      password: 'kept secret',
    });
    expect(joinSecrets({ ...shown, password: 'new' }, secrets)).toMatchObject({ password: 'new' });
    const other = { id: 'w', name: 'W', kind: 'webhook', url: 'https://example.org', signing_secret: SIGNED };
    expect(splitSecrets(joinSecrets(other, secrets)).secrets).toEqual({ signing_secret: SIGNED });
  });

  test('may be names of secrets in the configuration', () => {
    const written = { ...MAIL, password: { secret: 'MAIL_PASSWORD' } };
    expect(faultsOf(resolveSecrets(written, { mail_password: 'from outside' }) as object)).toEqual([]);
    expect(resolveSecrets(written, { mail_password: 'from outside' })).toMatchObject({ password: 'from outside' });
    expect(faultsOf(resolveSecrets(written, {}) as object)).toEqual([expect.stringMatching(/^password: /)]);
  });
});
