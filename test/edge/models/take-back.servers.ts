import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { openFolderStore } from '../../../src/models/registry/folder.ts';
import { addWork, makeKeys, registerVariant } from '../../models/make-variant.ts';
import { type EdgeProcess, expectWhole, listReaders, startEdge, writeEdgeConfig } from './edge-process.ts';

const WAIT = { timeout: 600_000, interval: 250 };
const MODEL = join(import.meta.dirname, '..', '..', '..', 'models', 'alpr-read', 'model.json');
const { sha256, calibration } = JSON.parse(readFileSync(MODEL, 'utf8'));
const SHIPPED = `alpr-read@${sha256.slice(0, 12)}`;
const LIMIT = { timeout: 1_800_000 };
/** Of what ran before, passages: a trial compares with a hundred frames. */
const PAST = 120;

/** An edge whose reader must be sure of a plate, and a registry that it follows. */
async function openPlace(opened: AsyncDisposableStack) {
  const folder = await mkdtemp(join(tmpdir(), 'take-back-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const { key, publicFile } = await makeKeys(folder);
  const root = join(folder, 'registry');
  const registry = createModelRegistry(openFolderStore(root), new Map([[key.fingerprint, key.publicKeyPem]]));
  const config = await writeEdgeConfig(
    folder,
    { kind: 'folder', folder: root, trusted_keys: [publicFile] },
    { edge: { looks: 0, latency_ratio: 2 }, rest: { vision: { passage: { min_read_confidence: 0.6 } } } },
  );
  const register = (...variant: readonly [string, string, object?, Buffer?]) =>
    registerVariant(registry, key, ...variant);
  return { registry, register, config };
}

/** Waits until the edge has taken a version back, and a few passages more. */
async function waitForTakeBack(edge: EdgeProcess, reason: string): Promise<void> {
  const said = () =>
    edge
      .log()
      .split('\n')
      .filter((line) => line.includes('"a model version is taken back"'));
  await expect.poll(() => said().join(), WAIT).toContain(`"reason":"${reason}"`);
  const before = edge.finals().length;
  await expect.poll(() => edge.finals().length, WAIT).toBeGreaterThan(before + 10);
  expect(await edge.stop('SIGTERM')).toBe(0);
  process.stderr.write(`${said().join('\n')}\n`);
}

test('An edge takes back a version that takes four times as long, which it got by a rollback', LIMIT, async () => {
  await using opened = new AsyncDisposableStack();
  const { registry, register, config } = await openPlace(opened);
  const slow = await register('alpr-read', 'slow', {}, addWork('plates', 600));
  const next = await register('alpr-read', 'next');
  for (const { version } of [slow, next]) await registry.setAlias('alpr-read', 'champion', version);
  await using edge = startEdge(config);
  const readBy = (id: string) => edge.finals().filter(({ plate }) => plate.ocr_model === id).length;
  await expect.poll(() => readBy(next.id), WAIT).toBeGreaterThan(PAST);
  // What is rolled back to is not compared with what was rolled back: only the trial can find that it is slow.
  await registry.rollBack('alpr-read');
  await waitForTakeBack(edge, 'latency');
  expectWhole(edge.finals(), [SHIPPED, next.id, slow.id, SHIPPED]);
});

test('An edge takes back a version that doubts whatever it reads', LIMIT, async () => {
  await using opened = new AsyncDisposableStack();
  const { registry, register, config } = await openPlace(opened);
  const doubting = await register('alpr-read', 'doubting', { calibration: { ...calibration, temperature: 1000 } });
  await using edge = startEdge(config);
  await expect.poll(() => edge.finals().length, WAIT).toBeGreaterThan(PAST);
  await registry.setAlias('alpr-read', 'champion', doubting.version);
  await waitForTakeBack(edge, 'read_rate');
  // What it could not read is no event: numbers are missing once, for as long as it was on trial.
  const numbers = edge.finals().map(({ track_id }) => Number(/^road\/(\d+)-1$/.exec(track_id)?.[1]));
  const gaps = numbers.flatMap((number, at) => (number === (numbers[at - 1] ?? -1) + 1 ? [] : [number]));
  expect(gaps).toHaveLength(1);
  expect(listReaders(edge.finals())).toEqual([SHIPPED]);
});
