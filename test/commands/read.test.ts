import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp, { type FormatEnum } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import { callAlpr, runAlpr } from './run-alpr.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FIXTURES = join(ROOT, 'test', 'fixtures');
const GOOD = join(FIXTURES, 'tollgate-115.jpg');
let folder: string;

const alpr = (...args: string[]) => callAlpr(folder, args);

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

  test('writes a picture of its own for each file, whatever the names, and never overwrites one', async () => {
    for (const [from, to] of [
      ['115', 'one/a.jpg'],
      ['20', 'two/a.jpg'],
    ] as const) {
      await mkdir(join(folder, to, '..'), { recursive: true });
      await copyFile(join(FIXTURES, `tollgate-${from}.jpg`), join(folder, to));
    }
    await sharp(join(FIXTURES, 'tollgate-315.jpg'))
      .png()
      .toFile(join(folder, 'two', 'a.png'));
    await mkdir(join(folder, 'kept'));
    await writeFile(join(folder, 'kept', 'a.jpg'), 'mine');
    const { code, out } = await alpr('read', '--json', 'one/a.jpg', 'two/a.jpg', 'two/a.png', '--out', 'kept');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect((await readdir(join(folder, 'kept'))).sort()).toEqual(['a-2.jpg', 'a-3.jpg', 'a-4.jpg', 'a.jpg']);
    expect(await readFile(join(folder, 'kept', 'a.jpg'), 'utf8')).toBe('mine');
    expect(lines.map(({ marked }) => marked)).toEqual([['kept/a-2.jpg'], ['kept/a-3.jpg'], ['kept/a-4.jpg']]);
  });

  test.runIf(process.platform === 'linux')('says at once that a folder cannot be made', async () => {
    const { code, out, err } = await alpr('read', GOOD, '--out', '/proc/x/y');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^alpr: Expected a folder that can be written at \/proc\/x\/y: .*ENOENT.*\. Name another one\.\n$/,
    );
  });

  test('turns a picture', async () => {
    await sharp(GOOD).rotate(270).jpeg({ quality: 95 }).toFile(join(folder, 'lying.jpg'));
    const { out } = await alpr('read', '--json', 'lying.jpg', '--rotate', '90');
    expect(JSON.parse(out)).toMatchObject({ plates: [{ text: '34A23126' }] });
  });

  test('says how many plates it left out', async () => {
    const names = ['115', '20'].map((name) => join(FIXTURES, `tollgate-${name}.jpg`));
    await sharp({ create: { width: 1280, height: 1440, channels: 3, background: '#000' } })
      .composite(names.map((input, at) => ({ input, left: 0, top: 720 * at })))
      .jpeg({ quality: 95 })
      .toFile(join(folder, 'pair.jpg'));
    const { out } = await alpr('read', '--json', '--set', 'vision.recognise.max_plates=1', 'pair.jpg');
    expect(JSON.parse(out)).toMatchObject({ plates_left_out: 1 });
    const text = await alpr('read', '--set', 'vision.recognise.max_plates=1', 'pair.jpg');
    expect(text.out).toContain('1 more plates were not read; raise vision.recognise.max_plates');
  });

  test('says when the passages of a video were, and in which zone that is known', async () => {
    const { path } = await findFfmpeg();
    const still = ['-loop', '1', '-t', '1', '-r', '10', '-i', GOOD, '-pix_fmt', 'yuv420p', '-c:v', 'libx264'];
    await promisify(execFile)(path, [
      '-loglevel',
      'error',
      '-y',
      ...still,
      join(folder, 'gate_2025-11-29_09-15-30Z.mp4'),
    ]);
    const named = await alpr('read', '--json', 'gate_2025-11-29_09-15-30Z.mp4');
    const began = { taken_at: '2025-11-29T09:15:30.000Z', time_zone: 'UTC', time_source: 'file name' };
    expect(JSON.parse(named.out)).toMatchObject({ ...began, plates: [{ first_seen_at: '2025-11-29T09:15:30.000Z' }] });
    const told = await alpr('read', 'gate_2025-11-29_09-15-30Z.mp4', '--start', '2025-01-02T03:04:05+02:00');
    expect(told.out).toMatch(/2025-01-02T01:04:05\.000Z \(start, in \+02:00\)/);
    expect(told.out).toMatch(/from 0\.0 s to 0\.9 s \(2025-01-02T01:04:05\.000Z to /);
    const { code, err } = await alpr('read', GOOD, '--start', 'yesterday');
    expect([code, err]).toEqual([1, expect.stringMatching(/Expected a time such as/)]);
  }, 90_000);

  test('names only kinds of pictures that it can read', async () => {
    const offered = join(folder, 'offered');
    await mkdir(offered);
    await writeFile(join(offered, 'a.txt'), '');
    const { err } = await alpr('read', 'offered');
    const endings = /pictures \(([^)]*)\)/.exec(err)?.[1]?.split(' ') ?? [];
    expect(endings.length).toBeGreaterThan(5);
    const kinds: Readonly<Record<string, keyof FormatEnum | 'avif'>> = {
      ...{ '.jpg': 'jpeg', '.jpeg': 'jpeg', '.png': 'png', '.webp': 'webp', '.avif': 'avif' },
      ...{ '.tif': 'tiff', '.tiff': 'tiff', '.gif': 'gif' },
    };
    for (const ending of endings) {
      const path = join(offered, `picture${ending}`);
      await sharp(GOOD)
        .resize(320)
        .toFormat(kinds[ending] ?? 'raw', kinds[ending] === 'avif' ? { effort: 0 } : {})
        .toFile(path);
    }
    const { code, out } = await alpr('read', '--json', 'offered');
    expect([code, out.trim().split('\n').length]).toEqual([0, endings.length]);
  });

  test('names what it cannot read and what is missing, reads the rest, also a JPEG that lacks its end, and ends with 1', async () => {
    const mixed = join(folder, 'mixed');
    await mkdir(mixed);
    await copyFile(GOOD, join(mixed, 'good.jpg'));
    await copyFile(GOOD, join(mixed, 'cut.jpg'));
    await truncate(join(mixed, 'cut.jpg'), 20_000);
    const bytes = await readFile(GOOD);
    await writeFile(join(mixed, 'end.jpg'), bytes.subarray(0, Math.floor(bytes.length * 0.99)));
    await writeFile(join(mixed, 'text.jpg'), 'this is no picture');
    await writeFile(join(mixed, 'empty.png'), '');
    await sharp({ create: { width: 20_000, height: 10, channels: 3, background: '#888' } })
      .png()
      .toFile(join(mixed, 'wide.png'));
    await sharp({ create: { width: 1, height: 1, channels: 3, background: '#888' } })
      .png()
      .toFile(join(mixed, 'dot.png'));
    const { code, out, err } = await alpr('read', '--json', 'nowhere.jpg', mixed);
    const read = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(read.map(({ image }) => image.split('/').at(-1))).toEqual(['dot.png', 'end.jpg', 'good.jpg']);
    expect(read[1]).toMatchObject({ truncated: true, plates: [{ text: '34A23126' }] });
    expect(read[2].plates[0].text).toBe('34A23126');
    expect(err).toContain('There is no file, folder or match of "nowhere.jpg" ');
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
    const { code, out } = await runAlpr(folder, ['--help']);
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
