import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { openFolderStore } from '../../../src/models/registry/folder.ts';
import { makeKeys, registerVariant } from '../../models/make-variant.ts';
import { expectWhole, startEdge, writeEdgeConfig } from './edge-process.ts';

const WAIT = { timeout: 60_000, interval: 50 };

test('An edge that is killed in the middle of a change starts whole, and changes its model without losing a passage', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-process-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const { key, publicFile } = await makeKeys(folder);
  const root = join(folder, 'registry');
  const registry = createModelRegistry(openFolderStore(root), new Map([[key.fingerprint, key.publicKeyPem]]));
  const { id, version } = await registerVariant(registry, key, 'alpr-read', 'better');
  const config = await writeEdgeConfig(folder, { kind: 'folder', folder: root, trusted_keys: [publicFile] });

  // Killed as soon as something of the new version lies on the disk.
  await registry.setAlias('alpr-read', 'champion', version);
  const versions = join(folder, 'data', 'edge', 'models', 'versions');
  {
    await using killed = startEdge(config);
    while (!killed.ended() && !(existsSync(versions) && readdirSync(versions).length > 0)) await sleep(2);
    await killed.stop('SIGKILL');
  }
  expect(readdirSync(versions)).not.toEqual([]);
  await rm(join(folder, 'data', 'edge', 'spool'), { recursive: true, force: true });

  await using edge = startEdge(config);
  await expect.poll(() => edge.finals().length, WAIT).toBeGreaterThan(0);
  // Within 60 s of its first passage.
  const ofNew = () => edge.finals().filter(({ plate }) => plate.ocr_model === id).length;
  await expect.poll(ofNew, WAIT).toBeGreaterThan(1);
  expect(await edge.stop('SIGTERM')).toBe(0);
  expect(edge.log()).not.toContain('"level":"error"');
  expectWhole(edge.finals(), id);
}, 180_000);
