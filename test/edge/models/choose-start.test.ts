import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseStart } from '../../../src/edge/models/choose-start.ts';
import { startTally } from '../../../src/edge/models/judge-trial.ts';
import {
  folderOfVersion,
  type HeldVersion,
  type KindState,
  readState,
  writeState,
} from '../../../src/edge/models/sync-state.ts';
import { keepLog } from '../../camera/log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'choose-start-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A version that lies here, of one file. */
async function makeHeld(version: string): Promise<HeldVersion> {
  const weights = `weights of ${version}`;
  const sha256 = createHash('sha256').update(weights).digest('hex');
  const files = [{ path: 'model.onnx', bytes: weights.length, sha256 }];
  const held = { version, id: 'alpr-read@0123456789ab', content: sha256.slice(0, 16), decision: null, files };
  await mkdir(folderOfVersion(folder, held), { recursive: true });
  await writeFile(join(folderOfVersion(folder, held), 'model.onnx'), weights);
  return held;
}

async function write(reader: Pick<KindState, 'usual' | 'good'>): Promise<void> {
  const rest = { configured: 'alpr-read', chosen: null, trying: null, refused: [], proven: [] };
  await writeState(folder, { format: 1, contact_at: null, kinds: { reader: { ...rest, ...reader } } });
}

const start = (reader = 'alpr-read') =>
  chooseStart({ folder, configured: { detector: 'alpr-detect', reader }, log: keepLog() });
const trial = { since: '2026-01-01T00:00:00.000Z', starts: 0, past: startTally() };

test('An edge starts with the version that it ran last, and with the configured model where that is another one now', async () => {
  const held = await makeHeld('7');
  await write({ usual: { held, trial: null }, good: [] });
  expect(await start()).toEqual({ reader: folderOfVersion(folder, held) });
  expect(await start('my-reader')).toEqual({});
  expect(await start()).toEqual({ reader: folderOfVersion(folder, held) });
});

test('A version that is not whole on the disk gives way to the one before, and that to the configured model', async () => {
  const [held, good] = [await makeHeld('8'), await makeHeld('7')];
  await write({ usual: { held, trial }, good: [{ held: good, trial }] });
  await writeFile(join(folderOfVersion(folder, held), 'model.onnx'), 'half of the');
  expect(await start()).toEqual({ reader: folderOfVersion(folder, good) });
  await rm(folderOfVersion(folder, good), { recursive: true });
  expect(await start()).toEqual({});
});

test('A version under which the process ends again and again is started four times', async () => {
  const [held, good] = [await makeHeld('8'), await makeHeld('7')];
  await write({ usual: { held, trial }, good: [{ held: good, trial }] });
  for (let times = 1; times <= 4; times += 1) expect(await start()).toEqual({ reader: folderOfVersion(folder, held) });
  expect(await start()).toEqual({ reader: folderOfVersion(folder, good) });
  const { kinds } = await readState(folder, keepLog());
  expect(kinds.reader?.refused).toMatchObject([{ version: '8', reason: 'crashed', ran: true }]);
});

test('A state of an earlier program is taken over: it went back to one version at most, and counted passages in one sum', async () => {
  const [held, good] = [await makeHeld('8'), await makeHeld('7')];
  const { passages: _, ...numbers } = startTally();
  const past = { ...numbers, read: 900, lost: 100, unplated: 0 };
  const reader = { configured: 'alpr-read', chosen: null, trying: null, refused: [], proven: [] };
  const usual = { held, trial: { ...trial, past } };
  const kinds = { reader: { ...reader, usual, good } };
  await writeFile(join(folder, 'state.json'), JSON.stringify({ format: 1, contact_at: null, kinds }));
  const read = (await readState(folder, keepLog())).kinds.reader;
  expect(read).toMatchObject({
    usual: { held, trial: { past: { passages: {} } } },
    good: [{ held: good, trial: null }],
  });
});

test('A state that is damaged is as none', async () => {
  await writeFile(join(folder, 'state.json'), '{"format":1,');
  expect(await start()).toEqual({});
});
