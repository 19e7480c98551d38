import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkGolden } from '../../src/app/check-golden.ts';
import { type OpenedModel, openModel } from '../../src/models/open.ts';
import { keepLog } from '../camera/log.ts';

const MODELS = new URL('../../models/', import.meta.url).pathname;
let folder: string;
let detector: OpenedModel<'detect'>;
let vehicles: OpenedModel<'detect'>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golden-'));
  await cp(join(MODELS, 'alpr-detect'), folder, { recursive: true });
  const one = { providers: ['cpu'], workers: 1, threads: 1, log: keepLog() } as const;
  detector = await openModel({ ...one, model: 'alpr-detect', task: 'detect', folders: [MODELS] });
  vehicles = await openModel({ ...one, model: 'alpr-vehicles', task: 'detect', folders: [MODELS] });
});
afterAll(async () => {
  await detector[Symbol.asyncDispose]();
  await vehicles[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test('The shipped detector finds the golden plates where Python found them', async () => {
  expect(await checkGolden(detector, folder)).toBe(1);
  const { golden: _, ...manifest } = detector.manifest;
  expect(await checkGolden({ ...detector, manifest }, folder)).toBe(0);
});

test('The shipped network for vehicles answers as in Python', async () => {
  expect(await checkGolden(vehicles, join(MODELS, 'alpr-vehicles'))).toBe(1);
});

test('The shipped network for words answers as in Python', async () => {
  const one = { providers: ['cpu'], workers: 1, threads: 1, log: keepLog() } as const;
  await using words = await openModel({ ...one, model: 'alpr-words', task: 'words', folders: [MODELS] });
  expect(await checkGolden(words, join(MODELS, 'alpr-words'))).toBe(2);
});

test.each([
  [
    'a plate elsewhere',
    (rows: number[][]) => [[0, 0, 9, 9, ...(rows[0] ?? []).slice(4)], rows[1]],
    /x0 of plate 0 is 398/,
  ],
  [
    'another score',
    (rows: number[][]) => [(rows[0] ?? []).with(4, 0.5), rows[1]],
    /score of plate 0 is 0\.93\d* in place of 0\.5/,
  ],
  ['a plate more', (rows: number[][]) => [...rows, rows[0]], /it finds 2 plates in place of 3/],
])('A detector that should have found %s is refused', async (_, change, message) => {
  const golden = JSON.parse(await readFile(join(MODELS, 'alpr-detect/golden/output.json'), 'utf8'));
  await writeFile(
    join(folder, 'golden', 'output.json'),
    JSON.stringify({ ...golden, detections: change(golden.detections) }),
  );
  await expect(checkGolden(detector, folder)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringMatching(message),
  });
});

test('Golden answers that are damaged are named', async () => {
  await writeFile(join(folder, 'golden', 'output.json'), '{"input": "../../x.png"}');
  await expect(checkGolden(detector, folder)).rejects.toThrow(/Expected golden answers in .*output\.json/);
});
