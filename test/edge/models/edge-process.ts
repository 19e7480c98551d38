import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type PlateEvent, plateEventSchema } from '../../../src/contract/plate-event.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'bin', 'alpr.js');
const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures');
/** By eye. */
const TEXTS = ['34A23126', '34A36837', '89C20339'];

/** An `alpr edge` at work. */
export type EdgeProcess = AsyncDisposable &
  Readonly<{
    finals(): readonly PlateEvent[];
    log(): string;
    ended(): boolean;
    /** Resolves when it has ended and everything that it said has come. */
    stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  }>;

/**
 * The configuration of an edge whose camera shows three photographs again and again, as fast as the machine can: each is a passage of its
 * own, so the truth is exact. It is tried on two plates before it takes a version.
 */
export async function writeEdgeConfig(folder: string, registry: object): Promise<string> {
  const config = join(folder, 'alpr.yaml');
  const path = ['115', '20', '315'].map((name) => join(FIXTURES, `tollgate-${name}.jpg`));
  const cameras = [{ kind: 'pictures', id: 'road', path, loop: true, realtime: false }];
  const models = { registry: { poll_s: 1, ...registry } };
  const edge = { models: { looks: 2 } };
  await writeFile(config, JSON.stringify({ data: join(folder, 'data'), cameras, models, edge }));
  return config;
}

export function startEdge(config: string): EdgeProcess {
  const child = spawn(process.execPath, [PROGRAM, '--config', config, 'edge'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const stop = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    await closed;
    return child.exitCode;
  };
  return {
    finals: () => {
      const lines = out.slice(0, out.lastIndexOf('\n') + 1).split('\n');
      const events = lines.filter((line) => line !== '').map((line) => plateEventSchema.parse(JSON.parse(line)));
      return events.filter(({ status }) => status === 'final');
    },
    log: () => err,
    ended: () => child.exitCode !== null,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')),
  };
}

/** A passage of each picture in turn, none twice and none left out, by one reader and, from some picture on, by the other. */
export function expectWhole(finals: readonly PlateEvent[], reader: string): void {
  expect(finals.map(({ track_id }) => track_id)).toEqual(finals.map((_, at) => `road/${at}-1`));
  expect(finals.map(({ plate }) => plate.text_normalized)).toEqual(finals.map((_, at) => TEXTS[at % 3]));
  const readers = finals.map(({ plate }) => plate.ocr_model);
  expect(new Set(readers).size).toBe(2);
  const from = readers.indexOf(reader);
  expect(readers.slice(from)).toEqual(readers.slice(from).fill(reader));
}
