import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { plateEventSchema } from '../../../src/contract/plate-event.ts';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { openFolderStore } from '../../../src/models/registry/folder.ts';
import { makeKeys, registerVariant } from '../../models/make-variant.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'bin', 'alpr.js');
const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures');
/** By eye. */
const TEXTS = ['34A23126', '34A36837', '89C20339'];
const WAIT = { timeout: 60_000, interval: 50 };

type Edge = { child: ChildProcess; out: string; err: string };

function startEdge(config: string): Edge {
  const child = spawn(process.execPath, [PROGRAM, '--config', config, 'edge'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const edge: Edge = { child, out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    edge.out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    edge.err += chunk.toString();
  });
  return edge;
}

test('An edge that is killed in the middle of a change starts whole, and changes its model without losing a passage', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-process-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const { key, publicFile } = await makeKeys(folder);
  const root = join(folder, 'registry');
  const registry = createModelRegistry(openFolderStore(root), new Map([[key.fingerprint, key.publicKeyPem]]));
  const { id, version } = await registerVariant(registry, key, 'alpr-read', 'better');
  const data = join(folder, 'data');
  // A passage of each picture, as fast as the machine can, again and again.
  const path = ['115', '20', '315'].map((name) => join(FIXTURES, `tollgate-${name}.jpg`));
  const road = { kind: 'pictures', id: 'road', path, loop: true, realtime: false };
  const config = join(folder, 'alpr.yaml');
  const models = { registry: { kind: 'folder', folder: root, poll_s: 1, trusted_keys: [publicFile] } };
  await writeFile(config, JSON.stringify({ data, cameras: [road], models, edge: { models: { looks: 2 } } }));

  // Killed as soon as something of the new version lies on the disk.
  await registry.setAlias('alpr-read', 'champion', version);
  const killed = startEdge(config);
  const versions = join(data, 'edge', 'models', 'versions');
  while (killed.child.exitCode === null && !(existsSync(versions) && readdirSync(versions).length > 0)) await sleep(2);
  killed.child.kill('SIGKILL');
  await once(killed.child, 'exit');
  expect(readdirSync(versions)).not.toEqual([]);

  const edge = startEdge(config);
  await using _edge = { [Symbol.asyncDispose]: async () => void edge.child.kill('SIGKILL') };
  const finals = () =>
    edge.out
      .slice(0, edge.out.lastIndexOf('\n') + 1)
      .split('\n')
      .flatMap((line) => (line === '' ? [] : plateEventSchema.parse(JSON.parse(line))))
      .filter(({ status }) => status === 'final');
  await expect.poll(() => finals().length, WAIT).toBeGreaterThan(0);
  const began = Date.now();
  await expect.poll(() => finals().filter(({ plate }) => plate.ocr_model === id).length, WAIT).toBeGreaterThan(1);
  edge.child.kill('SIGTERM');
  await once(edge.child, 'exit');
  expect([edge.child.exitCode, edge.err.match(/"level":"error".*/g)]).toEqual([0, null]);
  // A passage of each picture in turn, none twice and none left out, by one reader and then by the other.
  const all = finals();
  expect(all.map(({ track_id }) => track_id)).toEqual(all.map((_, at) => `road/${at}-1`));
  expect(all.map(({ plate }) => plate.text_normalized)).toEqual(all.map((_, at) => TEXTS[at % 3]));
  const readers = all.map(({ plate }) => plate.ocr_model);
  expect(new Set(readers).size).toBe(2);
  expect(readers.slice(readers.indexOf(id))).toEqual(readers.slice(readers.indexOf(id)).fill(id));
  // From the first passage on, with two of the new reader.
  expect(Date.now() - began).toBeLessThan(60_000);
}, 180_000);
