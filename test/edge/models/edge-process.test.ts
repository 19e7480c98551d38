import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  const road = {
    // As fast as the machine can, so that no frame comes too late.
    ...{ kind: 'simulator', id: 'road', night: false, realtime: false, passages_per_minute: 60 },
    ...{ fps: 5, width: 960, height: 540, lanes: 1 },
  };
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

  await rm(join(data, 'simulator'), { recursive: true });
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
  // Each vehicle that has left the picture, once.
  const truth = readFileSync(join(data, 'simulator', 'road.truth.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const read = finals().map(({ plate }) => plate.text_normalized);
  expect(truth.map((line): string => JSON.parse(line).text).filter((text) => !read.includes(text))).toEqual([]);
  expect(new Set(read).size).toBe(read.length);
  expect(new Set(finals().map(({ plate }) => plate.ocr_model)).size).toBe(2);
  // From the first passage on, with two of the new reader.
  expect(Date.now() - began).toBeLessThan(60_000);
}, 180_000);
