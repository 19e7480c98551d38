import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openModel } from '../../src/models/open.ts';
import { keepLog } from '../camera/log.ts';

const MODELS = new URL('../../models/', import.meta.url).pathname;
const one = { providers: ['cpu'], workers: 1, threads: 1, log: keepLog(), task: 'read', model: 'odd' } as const;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-'));
  await cp(join(MODELS, 'alpr-read'), join(folder, 'odd'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

describe('openModel', () => {
  test.for([
    ['floats', { input: { type: 'float32' } }, /the input is float32, but the file takes uint8; correct input\.type/],
    [
      'grey',
      { input: { channels: 'GRAY' } },
      /GRAY, 128×64, so \[\?, 64, 128, 1\], but the file takes \[\?, 64, 128, 3\]/,
    ],
    [
      'an output that is not there',
      { outputs: [{ name: 'text', shape: [-1] }] },
      /the output "text", but the file has "/,
    ],
  ] as const)('refuses a file that does not fit its model.json: %s', async ([, change, message]) => {
    const manifest = JSON.parse(await readFile(join(MODELS, 'alpr-read/model.json'), 'utf8'));
    const input = { ...manifest.input, ...('input' in change ? change.input : {}) };
    await writeFile(join(folder, 'odd/model.json'), JSON.stringify({ ...manifest, ...change, input }));
    await expect(openModel({ ...one, folders: [folder] })).rejects.toMatchObject({ code: 'MODEL_INVALID', message });
  });
});
