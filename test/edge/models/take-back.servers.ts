import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { openFolderStore } from '../../../src/models/registry/folder.ts';
import { addWork, makeKeys, registerVariant } from '../../models/make-variant.ts';
import { expectWhole, listReaders, startEdge, writeEdgeConfig } from './edge-process.ts';

const WAIT = { timeout: 600_000, interval: 250 };
const MODEL = join(import.meta.dirname, '..', '..', '..', 'models', 'alpr-read', 'model.json');
const { sha256, calibration } = JSON.parse(readFileSync(MODEL, 'utf8'));
const SHIPPED = `alpr-read@${sha256.slice(0, 12)}`;
/** Of what ran before, passages: a trial compares with a hundred frames. */
const PAST = 120;

// Neither shows in the golden tensors, and the edge compares no plates before: only the trial can find it.
const CASES: [string, 'latency' | 'read_rate', object, Buffer | undefined][] = [
  ['takes four times as long', 'latency', {}, addWork('plates', 600)],
  ['doubts whatever it reads', 'read_rate', { calibration: { ...calibration, temperature: 1000 } }, undefined],
];
test.for(CASES)(
  'An edge takes back a version that %s, and reads with the one before',
  { timeout: 1_800_000 },
  async ([name, reason, edit, more]) => {
    const folder = await mkdtemp(join(tmpdir(), 'take-back-'));
    await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
    const { key, publicFile } = await makeKeys(folder);
    const root = join(folder, 'registry');
    const registry = createModelRegistry(openFolderStore(root), new Map([[key.fingerprint, key.publicKeyPem]]));
    const { id, version } = await registerVariant(registry, key, 'alpr-read', name, edit, more);
    const config = await writeEdgeConfig(
      folder,
      { kind: 'folder', folder: root, trusted_keys: [publicFile] },
      {
        edge: { looks: 0, latency_ratio: 2 },
        rest: { vision: { passage: { min_read_confidence: 0.6 } } },
      },
    );
    await using edge = startEdge(config);
    await expect.poll(() => edge.finals().length, WAIT).toBeGreaterThan(PAST);
    await registry.setAlias('alpr-read', 'champion', version);
    const takenBack = () =>
      edge
        .log()
        .split('\n')
        .find((line) => line.includes('"a model version is taken back"'));
    await expect.poll(takenBack, WAIT).toContain(`"reason":"${reason}"`);
    const before = edge.finals().length;
    await expect.poll(() => edge.finals().length, WAIT).toBeGreaterThan(before + 10);
    expect(await edge.stop('SIGTERM')).toBe(0);
    process.stderr.write(`${takenBack()}\n`);
    if (reason === 'latency') return expectWhole(edge.finals(), [SHIPPED, id, SHIPPED]);
    // What it could not read is no event: numbers are missing once, for as long as it was on trial.
    const numbers = edge.finals().map(({ track_id }) => Number(/^road\/(\d+)-1$/.exec(track_id)?.[1]));
    const gaps = numbers.flatMap((number, at) => (number === (numbers[at - 1] ?? -1) + 1 ? [] : [number]));
    expect(gaps).toHaveLength(1);
    expect(listReaders(edge.finals())).toEqual([SHIPPED]);
  },
);
