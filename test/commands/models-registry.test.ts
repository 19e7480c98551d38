import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../../src/commands/program.ts';
import { describeWith, shareDatabase } from '../servers/servers.ts';
import { callAlpr } from './run-alpr.ts';

const READER = join(import.meta.dirname, '..', '..', 'models', 'alpr-read');
const SHIPPED: { sha256: string; version: string } = JSON.parse(readFileSync(join(READER, 'model.json'), 'utf8'));
const ID = `alpr-read@${SHIPPED.sha256.slice(0, 12)}`;
let folder: string;

const models = (...args: string[]) => callAlpr(folder, ['models', ...args]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-registry-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('alpr models', () => {
  test('wants a key before it registers, makes one for its owner alone, and shows the same one again', async () => {
    const { code, err } = await models('register', READER);
    expect(code).toBe(1);
    expect(err).toMatch(/Expected a signing key in .*model-signing-key\.pem\. Make one with alpr models key/);
    const made = await models('key');
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n.*\n-----END/) });
    expect((await stat(join(folder, 'data', 'model-signing-key.pem'))).mode & 0o777).toBe(0o600);
    expect(await models('key')).toEqual(made);
  });

  test('registers the shipped reader once, promotes two versions and rolls back', async () => {
    const other = join(folder, 'other');
    await cp(READER, other, { recursive: true });
    await writeFile(join(other, 'notes.txt'), 'the same weights, from another training');
    const first = await models('register', READER);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(
      new RegExp(`^alpr-read 1 {2}${ID} {2}6 files, \\d\\.\\d MB {2}answers 2 golden pictures as expected`),
    );
    expect((await models('register', READER)).out).toBe(first.out);
    expect((await models('register', other)).out).toMatch(/^alpr-read 2 /);
    expect((await models('promote', 'alpr-read', '1')).out).toMatch(/^alpr-read 1 is now the champion/);
    await models('promote', 'alpr-read', '2', '--challenger', '--cameras', 'gate,north');
    const { out } = await models('list', '--set', 'models.folders=[none]');
    expect(out).toMatch(/^alpr-read +2 .*Apache-2\.0 +challenger, on gate, north$/m);
    expect(out).toMatch(new RegExp(`^alpr-read +1 .* ${SHIPPED.version} .*champion$`, 'm'));
    expect((await models('rollback', 'alpr-read', '2')).out).toBe('The trial of alpr-read 2 has ended.\n');
    for (const [version, why] of [
      ['1', /version 1 of alpr-read to be the challenger .* neither/],
      ['7', /no version 7/],
    ] as const) {
      expect((await models('rollback', 'alpr-read', version)).err).toMatch(why);
    }
    expect((await models('promote', 'alpr-read', '1')).err).toMatch(/is already the champion; nothing has changed/);
    await models('promote', 'alpr-read', '2');
    expect((await models('rollback', 'alpr-read')).out).toBe(`alpr-read 1 (${ID}) is the champion again.\n`);
    const { code, err } = await models('rollback', 'alpr-read');
    expect([code, err]).toEqual([1, expect.stringMatching(/before version 1, but it is the first; promote another/)]);
  });

  test('refuses a model whose answers are not the golden ones', async () => {
    const wrong = join(folder, 'wrong');
    await cp(READER, wrong, { recursive: true });
    const file = join(wrong, 'golden', 'output.json');
    const golden = JSON.parse(await readFile(file, 'utf8'));
    golden.slots[1][0][10] = 0;
    golden.slots[1][0][11] = 0;
    await writeFile(file, JSON.stringify({ ...golden, slots: golden.slots.toReversed() }));
    const { code, err } = await models('register', wrong);
    expect([code, err]).toEqual([1, expect.stringMatching(/differ: value \d+ of slots is 0\.\d+ in place of /)]);
  });

  test('brings a version into the folder of models, and another machine only with the key', async () => {
    const pulled = await models('pull', 'alpr-read');
    expect(pulled.out).toContain('Use it:  alpr start --set models.reader=alpr-read@1');
    expect((await models('verify', 'alpr-read@1')).out).toMatch(/^alpr-read@1 +alpr-read +runs on /);
    const shared = `{ kind: folder, folder: ${join(folder, 'data', 'registry')} }`;
    const elsewhere = ['--set', 'data=edge', '--set', `models.registry=${shared}`];
    const refused = await models('pull', 'alpr-read@2', '--to', 'edge/models', ...elsewhere);
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/is not in models\.registry\.trusted_keys/)]);
    const { out: pem } = await models('key');
    await writeFile(join(folder, 'release.pem'), pem);
    const trusting = [...elsewhere, '--set', 'models.registry.trusted_keys=[release.pem]'];
    expect((await models('pull', 'alpr-read@2', '--to', 'edge/models', ...trusting)).code).toBe(0);
    expect((await models('pull', 'alpr-read@9', ...trusting)).err).toMatch(
      /Expected 9 of alpr-read in the registry, which has versions 2, 1/,
    );
    // A registry that was lost and filled anew counts from 1 again.
    await rm(join(folder, 'data', 'registry'), { recursive: true });
    await models('register', join(folder, 'other'), '--data', 'data');
    const again = await models('pull', 'alpr-read@1');
    expect([again.code, again.err]).toEqual([1, expect.stringMatching(/version 1 of alpr-read in .*earlier registry/)]);
    const odd = await models('list', ...elsewhere, '--set', 'models.registry.trusted_keys=[odd.pem]');
    expect([odd.code, odd.err]).toEqual([1, expect.stringContaining('models.registry.trusted_keys.0')]);
  });

  test.each(['key', 'register', 'promote', 'rollback', 'pull'])('%s --help shows examples', (name) => {
    const group = createProgram().commands.find((command) => command.name() === 'models');
    const command = group?.commands.find((each) => each.name() === name);
    let help = '';
    command?.configureOutput({ writeOut: (text) => (help += text) });
    command?.outputHelp();
    expect(help).toContain(`Examples:\n  alpr models ${name}`);
  });
});

describeWith(['postgres'], 'alpr models on a machine with a database', () => {
  test('writes down who promoted and rolled back what', async () => {
    await using database = await shareDatabase({ migrated: true });
    const settings = ['--set', 'database.kind=postgres', '--set', `database.url=${database.url}`];
    await models('promote', 'alpr-read', '2', ...settings);
    await models('rollback', 'alpr-read', ...settings);
    const { out } = await callAlpr(folder, ['audit', 'export', ...settings]);
    expect(out).toContain('"operation":"models promote"');
    expect(out).toContain('"operation":"models rollback"');
  });
});
