import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChannelInput } from '../../src/contract/channel.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { createPushRegister, removePushSubscription, savePushSubscription } from '../../src/store/alerts/push.ts';
import { makeAlert } from '../alerts/make-alert.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeMessage, openChannel } from './open-channel.ts';
import { createBrowserSide } from './sides/browser-side.ts';
import { type HttpSide, openHttpSide } from './sides/http-side.ts';

const PUSH: ChannelInput = {
  id: 'push',
  name: 'Push',
  kind: 'web_push',
  contact: 'mailto:gate@example.org',
  expiry_seconds: 600,
};

// RFC 8291, section 5.
test('The browser of these tests reads the message of the standard', () => {
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  const browser = createBrowserSide({
    privateKey: bytes('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'),
    auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
  });
  const message = bytes(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  );
  expect(browser.read(message)).toBe('When I grow up, I want to be a watermelon');
});

describe('Web Push', () => {
  let database: TestDatabase;
  let side: HttpSide;
  let folder: string;
  let seals: Awaited<ReturnType<typeof openKeyFile>>;
  const gone = new Set<string>();
  beforeAll(async () => {
    database = await openTestDatabase();
    side = await openHttpSide(({ path: asked }) => ({ status: gone.has(asked) ? 410 : 201, body: '' }), {
      secure: false,
    });
    folder = await mkdtemp(path.join(tmpdir(), 'alpr-push-'));
    seals = await openKeyFile(path.join(folder, 'key'));
  }, 60_000);
  afterAll(async () => {
    await side?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function addPerson(name: string, cameras: readonly string[] | null): Promise<string> {
    const [row] = await database.sql.query<{ id: string }>(
      `INSERT INTO user_accounts (name, role, cameras, sites) VALUES ($1, 'viewer', $2, $3) RETURNING id`,
      [name, cameras, cameras && []],
    );
    return row?.id ?? '';
  }

  test('tells the browsers of those who may see the camera, and forgets those that are gone', async () => {
    const { sql } = database;
    const browser = createBrowserSide();
    const [ada, bob, eve] = [
      await addPerson('ada', null),
      await addPerson('bob', ['gate']),
      await addPerson('eve', ['yard']),
    ];
    for (const [accountId, name] of [
      [ada, 'ada'],
      [ada, 'old'],
      [bob, 'bob'],
      [eve, 'eve'],
    ] as const) {
      await savePushSubscription(sql, seals, { accountId, endpoint: `${side.url}/${name}`, keys: browser.keys });
    }
    gone.add('/old');
    const push = createPushRegister(sql, seals);
    await using channel = await openChannel(PUSH, push);
    const { recipient, answer } = await channel.send(makeMessage({ kind: 'test', alert: makeAlert({}, 'HH77X') }));
    expect(recipient).toBe(`3 at ${new URL(side.url).host}`);
    expect(answer.split('; ').toSorted()).toEqual(['201', '201', 'gone']);
    expect(side.asked.map(({ path: asked }) => asked).toSorted()).toEqual(['/ada', '/bob', '/old']);
    const asked = side.asked[0];
    expect(JSON.parse(browser.read(asked?.body ?? Buffer.alloc(0)))).toMatchObject({
      title: 'Test: HH77X – Open the gate',
      body: expect.stringContaining('Main gate'),
      kind: 'test',
    });
    expect(asked?.headers).toMatchObject({ ttl: '600', urgency: 'normal', 'content-encoding': 'aes128gcm' });
    expect((await push.listFor(makeAlert())).map(({ endpoint }) => new URL(endpoint).pathname)).toEqual([
      '/ada',
      '/bob',
    ]);
    await removePushSubscription(sql, { endpoint: `${side.url}/ada`, accountId: bob });
    await sql.query('UPDATE user_accounts SET disabled_at = now() WHERE id = $1', [bob]);
    expect((await push.listFor(makeAlert())).map(({ endpoint }) => new URL(endpoint).pathname)).toEqual(['/ada']);
  });

  test('signs with one key of the installation, which is kept sealed', async () => {
    const { sql } = database;
    const keys = await Promise.all([createPushRegister(sql, seals).key(), createPushRegister(sql, seals).key()]);
    expect(keys[0]).toEqual(keys[1]);
    const publicKey = Buffer.from(keys[0]?.publicKey ?? '', 'base64url');
    const [, token = '', shown] = /^vapid t=(.*), k=(.*)$/.exec(side.asked[0]?.headers.authorization ?? '') ?? [];
    expect(shown).toBe(keys[0]?.publicKey);
    const [x, y] = [publicKey.subarray(1, 33), publicKey.subarray(33)].map((part) => part.toString('base64url'));
    const key = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' } });
    const { payload } = await jwtVerify(token, key, { audience: side.url });
    expect(payload.sub).toBe('mailto:gate@example.org');
    const [row] = await sql.query<{ private_key: Buffer }>('SELECT private_key FROM push_key');
    expect(row?.private_key.includes(Buffer.from(keys[0]?.privateKey ?? '', 'base64url'))).toBe(false);
  });
});
