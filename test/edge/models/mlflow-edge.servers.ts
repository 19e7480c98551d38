import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modelRegistryConfigSchema } from '../../../src/models/registry/config.ts';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { openMlflowStore } from '../../../src/models/registry/mlflow.ts';
import { startMlflow } from '../../../tools/servers/mlflow.ts';
import { makeKeys, registerVariant } from '../../models/make-variant.ts';
import { describeWith } from '../../servers/servers.ts';
import { expectWhole, startEdge, writeEdgeConfig } from './edge-process.ts';

const WAIT = { timeout: 120_000, interval: 100 };
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

describeWith(['mlflow'], 'An edge and MLflow', () => {
  test('change to what is promoted, refuse what is worse and what was tampered with, and go on while MLflow is away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mlflow-edge-'));
    await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
    const { key, publicFile } = await makeKeys(folder);
    await using server = await startMlflow();
    const given = modelRegistryConfigSchema.parse({ kind: 'mlflow', url: server.url });
    if (given.kind !== 'mlflow') throw new TypeError('expected mlflow');
    const registry = createModelRegistry(openMlflowStore(given), new Map([[key.fingerprint, key.publicKeyPem]]));
    const config = await writeEdgeConfig(folder, { kind: 'mlflow', url: server.url, trusted_keys: [publicFile] });

    const better = await registerVariant(registry, key, 'alpr-read', 'better');
    {
      await using edge = startEdge(config);
      await expect.poll(() => edge.finals().length, WAIT).toBeGreaterThan(2);
      await registry.setAlias('alpr-read', 'champion', better.version);
      const promoted = Date.now();
      const ofNew = () => edge.finals().filter(({ plate }) => plate.ocr_model === better.id).length;
      await expect.poll(ofNew, WAIT).toBeGreaterThan(1);
      process.stderr.write(`promoted to read: ${((Date.now() - promoted) / 1000).toFixed(1)} s\n`);
      expect(Date.now() - promoted).toBeLessThan(60_000);

      const alphabet = LETTERS.slice(1) + LETTERS[0];
      const worse = await registerVariant(registry, key, 'alpr-read', 'worse', { alphabet });
      await registry.setAlias('alpr-read', 'champion', worse.version);
      await expect.poll(() => edge.log(), WAIT).toContain('local_looks');

      const tampered = await registerVariant(registry, key, 'alpr-read', 'tampered');
      await tamper(server.url, tampered.version);
      await registry.setAlias('alpr-read', 'champion', tampered.version);
      await expect.poll(() => edge.log(), WAIT).toContain('untrusted');

      await server.control.kill();
      await expect.poll(() => edge.log(), WAIT).toContain('the model registry does not answer; keeping');
      const before = edge.finals().length;
      await expect.poll(() => edge.finals().length, WAIT).toBeGreaterThan(before);
      expect(await edge.stop('SIGTERM')).toBe(0);
      expectWhole(edge.finals(), better.id);
    }
    await using edge = startEdge(config);
    await expect.poll(() => edge.finals().length, WAIT).toBeGreaterThan(0);
    expect(edge.finals().every(({ plate }) => plate.ocr_model === better.id)).toBe(true);
  }, 600_000);
});

/** The proxy of artifacts lets anybody change a file. */
async function tamper(url: string, version: string): Promise<void> {
  const query = new URLSearchParams({ name: 'alpr-read', version });
  const answer = await fetch(`${url}/api/2.0/mlflow/model-versions/get-download-uri?${query}`);
  const { artifact_uri: uri } = (await answer.json()) as { artifact_uri: string };
  const place = `${url}/api/2.0/mlflow-artifacts/artifacts${uri.replace('mlflow-artifacts:', '')}/model.onnx`;
  expect((await fetch(place, { method: 'PUT', body: 'other weights' })).status).toBe(200);
}
