import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Config, loadConfig } from '../../../src/app/config.ts';
import { openEdgeVision } from '../../../src/app/open-edge-vision.ts';
import type { Vision } from '../../../src/app/open-vision.ts';
import { decodePicture } from '../../../src/camera/pictures.ts';
import { createModelMetrics } from '../../../src/edge/models/metrics.ts';
import { ModelSync } from '../../../src/edge/models/model-sync.ts';
import { modelFolderOf } from '../../../src/edge/models/sync-state.ts';
import type { SigningKey } from '../../../src/identity/signing-key.ts';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { openFolderStore } from '../../../src/models/registry/folder.ts';
import type { ModelRegistry } from '../../../src/models/registry/registry.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import { keepLog } from '../../camera/log.ts';
import { makeKeys, registerVariant } from '../../models/make-variant.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures');
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

let folder: string;
let key: SigningKey;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-sync-'));
  ({ key } = await makeKeys(folder));
});
afterAll(() => rm(folder, { recursive: true }));

/** A data folder and a registry of their own. */
function openPlace(...settings: readonly string[]) {
  count += 1;
  const data = join(folder, `data-${count}`);
  const root = join(folder, `registry-${count}`);
  const registry = createModelRegistry(openFolderStore(root), new Map([[key.fingerprint, key.publicKeyPem]]));
  const config = loadConfig({ environment: {}, settings: [`data=${data}`, 'edge.models.looks=2', ...settings] });
  return { config, root, registry };
}

async function openEdge(config: Config, registry: ModelRegistry) {
  const opened = new AsyncDisposableStack();
  const log = keepLog();
  const telemetry = new Telemetry();
  const vision = opened.use(await openEdgeVision(config, log));
  const sync = opened.use(
    await ModelSync.open({
      ...{ seats: vision, registry, log, configured: config.models, rules: config.edge.models, pollSeconds: 0.05 },
      ...{ folder: modelFolderOf(config), metrics: createModelMetrics(telemetry) },
    }),
  );
  const shown = async () => (await telemetry.listValues()).filter(({ name }) => name === 'alpr_model_version');
  return { vision, sync, log, shown, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Lets the photographs of a toll gate pass a camera. */
async function passBy(vision: Vision, sync: ModelSync, camera = 'gate') {
  const pipeline = sync.watch(camera, vision.createPipeline({ id: camera, stills: true }));
  for (const [sequence, name] of ['20', '115', '315'].entries()) {
    const image = await decodePicture(join(FIXTURES, `tollgate-${name}.jpg`));
    await pipeline.observe({ cameraId: camera, sequence, capturedAt: sequence, mediaTime: sequence, image });
  }
}

describe('An edge and its registry', () => {
  test('run what is promoted, and again after a start without the registry', async () => {
    const { config, registry } = openPlace();
    const { id, version } = await registerVariant(registry, key, 'alpr-read', 'better');
    const shipped = await (async () => {
      await using edge = await openEdge(config, registry);
      const { id: before } = edge.vision.models.reader;
      await passBy(edge.vision, edge.sync);
      await registry.setAlias('alpr-read', 'champion', version);
      await expect.poll(() => edge.vision.models.reader.id, { timeout: 10_000 }).toBe(id);
      expect(edge.sync.examine()).toMatchObject({ ok: true });
      expect((await edge.shown()).map(({ labels }) => labels)).toContainEqual({
        ...{ kind: 'reader', model: id, version, state: 'running', reason: '' },
      });
      return before;
    })();
    expect(shipped).not.toBe(id);

    const away = { ...registry, list: () => Promise.reject(new Error('no route to host')) };
    await using edge = await openEdge(config, away);
    expect(edge.vision.models.reader.id).toBe(id);
    await expect.poll(() => edge.log.lines.join()).toContain('models do not follow the registry now');
    expect(edge.sync.examine().registry_contact_at).toMatch(/^20/);
    await registry.setAlias('alpr-read', 'champion', undefined);
  });

  test('go back to the configured model when nothing is promoted any more', async () => {
    const { config, registry } = openPlace('edge.models.looks=0');
    const { id, version } = await registerVariant(registry, key, 'alpr-detect', 'better');
    await registry.setAlias('alpr-detect', 'champion', version);
    await using edge = await openEdge(config, registry);
    const { id: before } = edge.vision.models.detector;
    await expect.poll(() => edge.vision.models.detector.id, { timeout: 10_000 }).toBe(id);
    await registry.setAlias('alpr-detect', 'champion', undefined);
    await expect.poll(() => edge.vision.models.detector.id, { timeout: 10_000 }).toBe(before);
  });

  test('try a version on chosen cameras first, then on all', async () => {
    const { config, registry } = openPlace('edge.models.looks=0');
    const { id, version } = await registerVariant(registry, key, 'alpr-read', 'better');
    await using edge = await openEdge(config, registry);
    const { id: before } = edge.vision.models.reader;
    for (const camera of ['gate', 'north']) await passBy(edge.vision, edge.sync, camera);
    await registry.setCanary('alpr-read', version, ['north', 'of-another-edge']);
    await expect.poll(() => edge.vision.chosen.reader?.id, { timeout: 10_000 }).toBe(id);
    expect(edge.vision.models.reader.id).toBe(before);
    const states = async () => (await edge.shown()).map(({ labels }) => `${labels.model} ${labels.state}`);
    expect(await states()).toEqual(expect.arrayContaining([`${before} running`, `${id} canary`]));
    await registry.setAlias('alpr-read', 'champion', version);
    await expect.poll(() => edge.vision.models.reader.id, { timeout: 10_000 }).toBe(id);
    expect(edge.vision.chosen).toEqual({});
  });

  test('refuse what was changed after it was signed, and what no trusted key has signed', async () => {
    const { config, registry, root } = openPlace('edge.models.looks=0');
    const tampered = await registerVariant(registry, key, 'alpr-read', 'tampered');
    await registry.setAlias('alpr-read', 'champion', tampered.version);
    await writeFile(join(root, 'alpr-read', tampered.version, 'model.onnx'), 'other weights');
    const strangers = await registerVariant(registry, key, 'alpr-detect', 'strange');
    await registry.setAlias('alpr-detect', 'champion', strangers.version);
    const list = async () =>
      (await registry.list()).map((one) =>
        one.model === 'alpr-detect' ? { ...one, fault: 'the key 0123 is not trusted' } : one,
      );
    await using edge = await openEdge(config, { ...registry, list });
    const before = edge.vision.models;
    const refusals = () => edge.sync.examine().versions.filter(({ state }) => state === 'refused');
    await expect
      .poll(() => refusals().map(({ kind, reason }) => `${kind} ${reason}`), { timeout: 10_000 })
      .toEqual(['detector untrusted', 'reader untrusted']);
    expect(edge.sync.examine()).toMatchObject({ ok: false, message: expect.stringContaining('untrusted') });
    expect(edge.vision.models).toEqual(before);
  });

  test('refuse a version that does not read the plates here as the present one does, once', async () => {
    const { config, registry } = openPlace();
    // The same tensors, so its golden pictures are right, but it spells them otherwise.
    const alphabet = LETTERS.slice(1) + LETTERS[0];
    const { version } = await registerVariant(registry, key, 'alpr-read', 'worse', { alphabet });
    await using edge = await openEdge(config, registry);
    const before = edge.vision.models;
    await registry.setAlias('alpr-read', 'champion', version);
    const states = () => edge.sync.examine().versions.map(({ state, reason }) => `${state} ${reason}`.trim());
    await expect.poll(states, { timeout: 10_000 }).toContain('waiting');
    await passBy(edge.vision, edge.sync);
    await expect.poll(states, { timeout: 10_000 }).toContain('refused local_looks');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(edge.log.lines.filter((line) => line.includes('a version of a model is refused'))).toHaveLength(1);
    expect(edge.vision.models).toEqual(before);
  });

  test('take a version back under which frames fail, and do not take it up again', async () => {
    const { config, registry } = openPlace('edge.models.looks=0');
    const { id, version } = await registerVariant(registry, key, 'alpr-read', 'failing');
    await registry.setAlias('alpr-read', 'champion', version);
    {
      await using edge = await openEdge(config, registry);
      const { id: before } = edge.vision.models.reader;
      await expect.poll(() => edge.vision.models.reader.id, { timeout: 10_000 }).toBe(id);
      const failing = edge.sync.watch('gate', {
        observe: () => Promise.reject(new Error('the accelerator is gone')),
        end: async () => ({ sightings: [], lost: [] }),
      });
      const image = { kind: 'rgb24', width: 2, height: 2, data: new Uint8Array(12) } as const;
      const frame = { cameraId: 'gate', sequence: 0, capturedAt: 0, mediaTime: 0, image };
      for (let n = 0; n < 8; n += 1) await failing.observe(frame).catch(() => undefined);
      await expect.poll(() => edge.vision.models.reader.id, { timeout: 10_000 }).toBe(before);
      const states = () => edge.sync.examine().versions.map(({ state, reason }) => `${state} ${reason}`);
      await expect.poll(states, { timeout: 10_000 }).toContain('rolled_back errors');
    }
    await using edge = await openEdge(config, registry);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(edge.vision.models.reader.id).not.toBe(id);
  });
});
