import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callAlpr, runAlpr } from './run-alpr.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SLOTS = join(ROOT, 'test', 'fixtures', 'readers', 'slots');
let folder: string;

const alpr = (...args: string[]) => callAlpr(folder, args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-models-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('alpr models', () => {
  test('adds a reader after it has run on the picture that comes with the program', {
    timeout: 120_000,
  }, async () => {
    const config = join(SLOTS, 'plate_config.yaml');
    const { code, out, err } = await alpr(
      ...['models', 'add', join(SLOTS, 'model.onnx'), '--name', 'slots', '--dictionary', config, '--licence', 'MIT'],
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^slots\n {2}decoder +fast-plate-ocr: plate float32 \[n, 9, 37\] is 9 slots of 37 characters/);
    expect(out).toMatch(/slots read [0-9A-Z]{4,9} \(\d+ %/);
    expect(out).toMatch(/reading took \d+ ms a plate/);
    expect(out).toContain('alpr start --set models.reader=slots');
    const manifest = JSON.parse(await readFile(join(folder, 'models', 'slots', 'model.json'), 'utf8'));
    expect(manifest).toMatchObject({ licence: 'MIT', slots: 9, regions: expect.arrayContaining(['br', 'us', 'vn']) });
  });

  test('says in one sentence why a file cannot be added, and leaves nothing behind', { timeout: 120_000 }, async () => {
    await writeFile(join(folder, 'best.pt'), 'PK\u0003\u0004');
    const before = await readdir(folder);
    const { code, err, out } = await alpr('models', 'add', 'best.pt', '--name', 'best');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^alpr: best\.pt is a ZIP archive.*\n$/);
    expect(await readdir(folder)).toEqual(before);
  });

  test('shows examples with --help', { timeout: 120_000 }, async () => {
    const { out } = await runAlpr(folder, ['models', 'add', '--help']);
    expect(out).toContain('alpr models add best.onnx');
    expect(out).toContain('--dictionary plate_config.yaml');
  });
});
