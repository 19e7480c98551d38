import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { pullVersion } from '../../../src/models/registry/pull.ts';
import type { ModelRegistry } from '../../../src/models/registry/registry.ts';
import type { VersionStore } from '../../../src/models/registry/version-store.ts';
import { makeKey, makeModel, makeSigned, trust } from './make-version.ts';

/** A store under test, and a way to change a file of a version behind its back. */
export type StoreFixture = AsyncDisposable &
  Readonly<{
    store: VersionStore;
    tamper: (version: Readonly<{ model: string; version: string }>, path: string, content: Uint8Array) => Promise<void>;
  }>;

/** What every kind of registry must do. */
export function testRegistry(kind: string, open: () => Promise<StoreFixture>, timeout = 30_000): void {
  describe(`Model registry: ${kind}`, { timeout }, () => {
    const key = makeKey();
    let fixture: StoreFixture;
    let registry: ModelRegistry;
    let folder: string;
    beforeAll(async () => {
      fixture = await open();
      registry = createModelRegistry(fixture.store, trust(key));
      folder = await mkdtemp(join(tmpdir(), 'alpr-pulled-'));
    });
    afterAll(async () => {
      await fixture?.[Symbol.asyncDispose]();
      if (folder) await rm(folder, { recursive: true });
    });

    const register = async (name: string, weights: Uint8Array = randomBytes(64)) => {
      await using made = await makeSigned(name, weights, key);
      return { made: await registry.register(made.folder), sha256: made.sha256 };
    };
    const versionsOf = async (name: string) => (await registry.list()).filter(({ model }) => model === name);
    const rolesOf = async (name: string) =>
      Object.fromEntries((await versionsOf(name)).map(({ version, aliases }) => [version, aliases]));

    test('keeps a signed folder as a version with its files, its card and the name of its weights', async () => {
      const { made, sha256 } = await register('kept');
      const [listed] = await versionsOf('kept');
      expect(listed).toEqual(made);
      expect(made).toMatchObject({
        id: `kept@${sha256.slice(0, 12)}`,
        aliases: [],
        canaryCameras: [],
        championAt: null,
        fault: null,
        card: { model: 'kept', model_version: '0.6.0', task: 'read', licence: 'Apache-2.0', weights_sha256: sha256 },
      });
      expect(Math.abs(Date.parse(made.createdAt) - Date.now())).toBeLessThan(60_000);
      expect(made.files.map(({ path }) => path)).toEqual([
        'card.json',
        'golden/output.json',
        'model.json',
        'model.onnx',
      ]);
      expect(made.files.find(({ path }) => path === 'model.onnx')).toMatchObject({ bytes: 64, sha256 });
    });

    test('takes the same folder twice for one version, and another one for the next, newest first', async () => {
      await using one = await makeSigned('counted', randomBytes(64), key);
      const first = await registry.register(one.folder);
      expect(await registry.register(one.folder)).toEqual(first);
      const second = (await register('counted')).made;
      expect((await versionsOf('counted')).map(({ version }) => version)).toEqual([second.version, first.version]);
      expect(Number(second.version)).toBe(Number(first.version) + 1);
    });

    test('gives a file from any byte on', async () => {
      const weights = randomBytes(300_000);
      const { made } = await register('read', weights);
      for (const from of [0, 1, 299_999]) {
        const got = await buffer(await registry.read(made, 'model.onnx', from));
        expect(got.equals(weights.subarray(from))).toBe(true);
      }
      for (const path of ['nowhere.bin', '../state.json', '/etc/passwd', 'golden/../model.json', '']) {
        await expect(registry.read(made, path, 0).then(buffer)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
    });

    test('has one champion and one challenger, and a version that becomes champion is no longer tried', async () => {
      const [a, b] = [(await register('led')).made.version, (await register('led')).made.version];
      await registry.setAlias('led', 'champion', a);
      await registry.setAlias('led', 'challenger', b);
      await registry.setCanary('led', b, ['gate', 'north', 'gate']);
      expect(await rolesOf('led')).toEqual({ [a]: ['champion'], [b]: ['challenger'] });
      expect((await versionsOf('led'))[0]?.canaryCameras).toEqual(['gate', 'north']);
      await registry.setAlias('led', 'champion', b);
      expect(await rolesOf('led')).toEqual({ [a]: [], [b]: ['champion'] });
      expect((await versionsOf('led'))[0]?.canaryCameras).toEqual([]);
      await registry.setAlias('led', 'challenger', a);
      await registry.setAlias('led', 'challenger', undefined);
      expect(await rolesOf('led')).toEqual({ [a]: [], [b]: ['champion'] });
    });

    test('rolls back to the champion before, and never to one that was rolled back', async () => {
      const [a, b, c] = [
        (await register('rolled')).made.version,
        (await register('rolled')).made.version,
        (await register('rolled')).made.version,
      ];
      await expect(registry.rollBack('rolled')).rejects.toMatchObject({ code: 'CONFLICT' });
      for (const version of [a, b, c]) await registry.setAlias('rolled', 'champion', version);
      expect((await registry.rollBack('rolled')).version).toBe(b);
      expect((await registry.rollBack('rolled')).version).toBe(a);
      await expect(registry.rollBack('rolled')).rejects.toMatchObject({ code: 'CONFLICT' });
      await registry.setAlias('rolled', 'champion', c);
      expect((await registry.rollBack('rolled')).version).toBe(a);
      expect(await rolesOf('rolled')).toEqual({ [a]: ['champion'], [b]: [], [c]: [] });
    });

    test('says that a version is already the champion, and why it does not roll back to one that must not be used', async () => {
      const [a, b] = [(await register('spoilt')).made, (await register('spoilt')).made.version];
      for (const version of [a.version, b]) await registry.setAlias('spoilt', 'champion', version);
      await expect(registry.setAlias('spoilt', 'champion', b)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: `Version ${b} of spoilt is already the champion; nothing has changed`,
      });
      await fixture.tamper(a, 'card.json', Buffer.from('{}'));
      await expect(createModelRegistry(fixture.store, trust(key)).rollBack('spoilt')).rejects.toMatchObject({
        code: 'MODEL_UNTRUSTED',
        message: expect.stringMatching(
          new RegExp(`before version ${b} was version ${a.version}, which must not be used: .*Promote another version`),
        ),
      });
      expect(await rolesOf('spoilt')).toEqual({ [a.version]: [], [b]: ['champion'] });
    });

    test('refuses what no trusted key has signed, versions that it does not have, and odd cameras', async () => {
      await using foreign = await makeSigned('odd', randomBytes(64), makeKey());
      await using unsigned = await makeModel('odd', randomBytes(64));
      for (const one of [foreign, unsigned]) {
        await expect(registry.register(one.folder)).rejects.toMatchObject({ code: 'MODEL_UNTRUSTED' });
      }
      expect(await versionsOf('odd')).toEqual([]);
      const { version } = (await register('odd')).made;
      await expect(registry.setAlias('odd', 'champion', '77')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(registry.setAlias('nothing', 'challenger', version)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(registry.setCanary('odd', version, ['*'])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    });

    test('brings a version into a folder, from where an earlier attempt was cut off', async () => {
      const weights = randomBytes(200_000);
      const { made } = await register('pulled', weights);
      const part = join(folder, '.pulling-whole');
      await mkdir(part);
      await writeFile(join(part, 'model.onnx'), weights.subarray(0, 70_001));
      const asked: number[] = [];
      const watched = {
        ...registry,
        read: (version: typeof made, path: string, from: number) => {
          if (path === 'model.onnx') asked.push(from);
          return registry.read(version, path, from);
        },
      };
      await pullVersion({ registry: watched, version: made, folder: join(folder, 'whole') });
      expect(asked).toEqual([70_001]);
      expect((await readFile(join(folder, 'whole', 'model.onnx'))).equals(weights)).toBe(true);
      await pullVersion({ registry: watched, version: made, folder: join(folder, 'whole') });
      expect(asked).toHaveLength(1);
      // What was there before belonged to something else.
      await mkdir(join(folder, '.pulling-other'));
      await writeFile(join(folder, '.pulling-other', 'model.onnx'), randomBytes(70_001));
      await pullVersion({ registry: watched, version: made, folder: join(folder, 'other') });
      expect(asked).toEqual([70_001, 70_001, 0]);
      expect((await readFile(join(folder, 'other', 'model.onnx'))).equals(weights)).toBe(true);
    });

    test.each([
      ['changed', 'model.onnx', () => randomBytes(64)],
      ['cut', 'model.onnx', () => randomBytes(63)],
      ['lengthened', 'model.onnx', () => randomBytes(5_000_000)],
      ['changed', 'card.json', () => Buffer.from('{}')],
      ['changed', 'signature.json', () => Buffer.from('{"format":"ovr-alpr model version 1"}')],
    ])(
      'says of a version whose file was %s that it must not be used, and brings none of it: %s',
      async (how, path, make) => {
        const name = `tampered-${how}-${path}`;
        const { made } = await register(name);
        await fixture.tamper(made, path, make());
        const target = join(folder, name);
        await expect(pullVersion({ registry, version: made, folder: target })).rejects.toMatchObject({
          code: 'MODEL_UNTRUSTED',
        });
        expect((await readdir(folder)).filter((each) => each.includes(name))).toEqual([]);
        if (path === 'model.onnx') return;
        // Another process, which has not seen it whole.
        const later = createModelRegistry(fixture.store, trust(key));
        const [listed] = (await later.list()).filter(({ model }) => model === name);
        expect(listed?.fault).toMatch(/card\.json is not|signature\.json does not fit/);
        await expect(later.setAlias(name, 'champion', made.version)).rejects.toMatchObject({ code: 'MODEL_UNTRUSTED' });
      },
    );

    test('shows who signed is not trusted here, and what the version is all the same', async () => {
      const { made } = await register('foreign');
      const stranger = createModelRegistry(fixture.store, trust(makeKey()));
      const [listed] = (await stranger.list()).filter(({ model }) => model === 'foreign');
      expect(listed).toMatchObject({ id: made.id, files: made.files, fault: expect.stringContaining('trusted_keys') });
      await expect(pullVersion({ registry: stranger, version: made, folder: join(folder, 'foreign') })).rejects.toThrow(
        key.fingerprint.slice(0, 12),
      );
    });
  });
}
