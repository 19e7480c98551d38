import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callAlpr } from './run-alpr.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FIXTURES = join(ROOT, 'test', 'fixtures');
/** Texts of the three pictures, read by eye. */
const TEXTS = { 'tollgate-115.jpg': '34A23126', 'tollgate-20.jpg': '34A36837', 'tollgate-315.jpg': '89C20339' };
let folder: string;

const alpr = (...args: string[]) => callAlpr(folder, args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-eval-'));
  const pictures = join(folder, 'pictures');
  await mkdir(pictures);
  for (const name of Object.keys(TEXTS)) await copyFile(join(FIXTURES, name), join(pictures, name));
  await writeFile(join(pictures, 'broken.jpg'), 'this is no picture');
  const rows = Object.entries(TEXTS).map(([file, text]) => `${file},${text}`);
  await writeFile(join(pictures, 'truth.csv'), ['file,text', ...rows, 'broken.jpg,XX', 'missing.jpg,YY'].join('\n'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('alpr eval', () => {
  test('measures pictures, names those it cannot read, writes a page, and ends with 1', async () => {
    const { code, out, err } = await alpr('eval', 'pictures', '--json', '--html', 'page');
    const report = JSON.parse(out);
    expect(code).toBe(1);
    expect(err).toMatch(/broken\.jpg: .*\n/);
    expect(err).toMatch(/missing\.jpg: .*\n/);
    expect(report).toMatchObject({
      pictures: 3,
      texts: { n: 3, exact: 3, folded: 3, top3: 3, chars: 24, charErrors: 0 },
    });
    expect(report.times.map(({ stage }: { stage: string }) => stage)).toEqual(
      expect.arrayContaining(['detect', 'rectify', 'read', 'all']),
    );
    const page = await readFile(join(folder, 'page', 'index.html'), 'utf8');
    expect(page).toContain('personal data');
    expect(page).toContain('data:image/jpeg;base64,');
    expect(page).not.toMatch(/(src|href)="(?!data:)/);
  });

  test('tells people what was measured', async () => {
    const { code, out } = await alpr('eval', 'pictures', '--only', 'tollgate');
    expect(code).toBe(0);
    expect(out).toMatch(/texts exactly right +100\.0 % of 3/);
    expect(out).toMatch(/ms a picture: detect +mean/);
  });

  test('compares with another model on the same files', async () => {
    const model = join(ROOT, 'models', 'alpr-read');
    const { out } = await alpr('eval', 'pictures', '--only', 'tollgate-20', '--json', '--compare', model);
    const reports = JSON.parse(out);
    expect(reports).toHaveLength(2);
    expect(reports[1].texts).toEqual(reports[0].texts);
  });

  test('says in a sentence what is wrong with a folder without truth, and with a model that is not there', async () => {
    const empty = await alpr('eval', '.');
    expect(empty).toMatchObject({ code: 1, out: '' });
    expect(empty.err).toMatch(/^alpr: Expected \. to hold labels\.jsonl or truth\.csv/);
    const unknown = await alpr('eval', 'pictures', '--only', 'tollgate-20', '--compare', 'nothing');
    expect(unknown.err).toMatch(/alpr: Expected a model "nothing"/);
  });
});
