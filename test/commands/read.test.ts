import { copyFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runAlpr } from './run-alpr.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FIXTURES = join(ROOT, 'test', 'fixtures');
const GOOD = join(FIXTURES, 'tollgate-115.jpg');
let folder: string;

const alpr = (...args: string[]) => runAlpr(folder, args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-cli-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('alpr read', () => {
  test('reads the three plates of the toll gate, by eye 34A36837, 34A23126 and 89C20339', async () => {
    const pictures = ['115', '20', '315'].map((frame) => join(FIXTURES, `tollgate-${frame}.jpg`));
    const { code, out } = await alpr('read', '--json', ...pictures);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(lines.map(({ plates }) => plates[0].text)).toEqual(['34A23126', '34A36837', '89C20339']);
    expect(Object.keys(lines[0])).toEqual(['image', 'plates', 'wall_ms']);
    expect(Object.keys(lines[0].plates[0])).toEqual([
      'text',
      'confidence',
      'box',
      'corners',
      'candidates',
      'region',
      'matches_format',
    ]);
    expect(lines[0].plates[0]).toMatchObject({ region: { code: 'vn' }, matches_format: true });
  });

  test('says for people what it read, and writes marked pictures of the same size', async () => {
    const { out } = await alpr('read', GOOD, '--out', 'marked');
    expect(out).toMatch(/34A23126 +\d+ % +vn +at \d+,\d+ \d+×\d+/);
    const marked = await sharp(await readFile(join(folder, 'marked', 'tollgate-115.jpg'))).metadata();
    expect([marked.width, marked.height]).toEqual([1280, 720]);
  });

  test('names what it cannot read, reads the rest and ends with 1', async () => {
    const mixed = join(folder, 'mixed');
    await mkdir(mixed);
    await copyFile(GOOD, join(mixed, 'good.jpg'));
    await copyFile(GOOD, join(mixed, 'cut.jpg'));
    await truncate(join(mixed, 'cut.jpg'), 20_000);
    await writeFile(join(mixed, 'text.jpg'), 'this is no picture');
    await writeFile(join(mixed, 'empty.png'), '');
    await sharp({ create: { width: 20_000, height: 10, channels: 3, background: '#888' } })
      .png()
      .toFile(join(mixed, 'wide.png'));
    await sharp({ create: { width: 1, height: 1, channels: 3, background: '#888' } })
      .png()
      .toFile(join(mixed, 'dot.png'));
    const { code, out, err } = await alpr('read', '--json', mixed);
    const read = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(read.map(({ image }) => image.split('/').at(-1))).toEqual(['dot.png', 'good.jpg']);
    expect(read[1].plates[0].text).toBe('34A23126');
    for (const name of ['cut.jpg', 'text.jpg', 'empty.png', 'wide.png']) expect(err).toContain(name);
    expect(err).toContain('20000×10');
    expect(err).not.toMatch(/\n\s+at /);
  });

  test.each([
    ['an empty folder', ['empty'], /holds no\s+pictures/],
    ['a name that is nowhere', ['nowhere.jpg'], /no file, folder or match of "nowhere\.jpg"/],
  ])('says in a sentence that it was given %s', async (_, args, message) => {
    await mkdir(join(folder, 'empty'), { recursive: true });
    const { code, out, err } = await alpr('read', ...args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(message);
  });
});

describe('alpr with a fault in its set-up', () => {
  test('refuses a model whose file is not the one of its manifest', async () => {
    const model = join(folder, 'damaged', 'alpr-detect');
    await mkdir(model, { recursive: true });
    await copyFile(join(ROOT, 'models', 'alpr-detect', 'model.json'), join(model, 'model.json'));
    await writeFile(join(model, 'model.onnx'), 'not a network');
    const { code, err } = await alpr('--set', `models.detector=${model}`, 'read', GOOD);
    expect(code).toBe(1);
    expect(err).toMatch(/expected \d+ bytes as model\.json says, found 13/);
  });

  test('refuses a model that is not there and names those that are', async () => {
    const { code, err } = await alpr('--set', 'models.reader=other', 'read', GOOD);
    expect(code).toBe(1);
    expect(err).toMatch(/alpr-detect, alpr-read/);
  });

  test('refuses a configuration that does not fit', async () => {
    await writeFile(join(folder, 'bad.yaml'), 'server: {prot: 1}');
    const { code, err } = await alpr('--config', 'bad.yaml', 'doctor');
    expect(code).toBe(1);
    expect(err).toContain('server.prot: unknown key');
  });

  test('shows examples in its help', async () => {
    const { code, out } = await alpr('--help');
    expect(code).toBe(0);
    expect(out).toContain('alpr read car.jpg');
  });
});

describe('alpr eval', () => {
  test('counts what is right against truth.csv', async () => {
    const set = join(folder, 'set');
    await mkdir(set);
    for (const frame of ['20', '115'])
      await copyFile(join(FIXTURES, `tollgate-${frame}.jpg`), join(set, `${frame}.jpg`));
    await writeFile(join(set, 'truth.csv'), 'file,text\n20.jpg,34A36837\n115.jpg,34A23999\n');
    const { code, out } = await alpr('eval', '--json', set);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      pictures: 2,
      texts: { n: 2, exact: 1, chars: 16, charErrors: 3 },
    });
  });
});
