import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFailed } from 'vitest';
import { type PlateEvent, plateEventSchema } from '../../../src/contract/plate-event.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'bin', 'alpr.js');
const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures');
/** By eye. */
const TEXTS = ['34A23126', '34A36837', '89C20339'];
/** Of an edge's log that a failed test shows. */
const MOST_LINES = 100;

/** An `alpr edge` at work. */
export type EdgeProcess = AsyncDisposable &
  Readonly<{
    startedAt: number;
    /** Those that it printed, without a bus. */
    finals(): readonly PlateEvent[];
    log(): string;
    ended(): boolean;
    signal(signal: NodeJS.Signals): void;
    /** Resolves when it has ended and everything that it said has come. */
    stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  }>;

/**
 * The configuration of an edge whose camera shows three photographs again and again, as fast as the machine can: each is a passage of its
 * own, so the truth is exact. Its times are those of a hundred a second, so they lie behind the clock. It is tried on two plates before
 * it takes a version, and a busy machine makes none too slow.
 */
export async function writeEdgeConfig(
  folder: string,
  registry: object,
  more: Readonly<{ cameras?: readonly object[]; models?: object; edge?: object; rest?: object }> = {},
): Promise<string> {
  const config = join(folder, 'alpr.yaml');
  const path = ['115', '20', '315'].map((name) => join(FIXTURES, `tollgate-${name}.jpg`));
  const road = { kind: 'pictures', id: 'road', path, loop: true, realtime: false, fps: 100 };
  const cameras = [road, ...(more.cameras ?? [])];
  const models = { registry: { poll_s: 1, ...registry }, ...more.models };
  const edge = { models: { looks: 2, latency_ratio: 100, ...more.edge } };
  await writeFile(config, JSON.stringify({ data: join(folder, 'data'), cameras, models, edge, ...more.rest }));
  return config;
}

/** `meddling` are variables that `meddle.ts` knows. */
export function startEdge(config: string, meddling: Readonly<Record<string, string>> = {}): EdgeProcess {
  const args = ['--import', join(import.meta.dirname, 'meddle.ts'), PROGRAM, '--config', config, 'edge'];
  const startedAt = Date.now();
  const env = { ...process.env, ...meddling };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const closed = once(child, 'close');
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  onTestFailed(
    () => void process.stderr.write(`The edge of ${new Date(startedAt).toISOString()} said:\n${showNews(err)}\n`),
  );
  const stop = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    await closed;
    return child.exitCode;
  };
  return {
    startedAt,
    finals: () => {
      const lines = out.slice(0, out.lastIndexOf('\n') + 1).split('\n');
      const events = lines.filter((line) => line !== '').map((line) => plateEventSchema.parse(JSON.parse(line)));
      return events.filter(({ status }) => status === 'final');
    },
    log: () => err,
    ended: () => child.exitCode !== null,
    signal: (signal) => void child.kill(signal),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')),
  };
}

/** What it said of models, and whatever was out of order. */
function showNews(log: string): string {
  const lines = log.split('\n').filter((line) => /model|"level":"(?:warn|error|fatal)"/.test(line));
  return lines.slice(-MOST_LINES).join('\n');
}

/** A passage of each picture in turn, none twice and none left out, read by these readers, one after the other. */
export function expectWhole(finals: readonly PlateEvent[], readers: readonly string[]): void {
  expect(finals.map(({ track_id }) => track_id)).toEqual(finals.map((_, at) => `road/${at}-1`));
  expect(finals.map(({ plate }) => plate.text_normalized)).toEqual(finals.map((_, at) => TEXTS[at % 3]));
  expect(listReaders(finals)).toEqual(readers);
}

/** Who read, in the order in which they took over. */
export function listReaders(finals: readonly PlateEvent[]): readonly string[] {
  return finals.map(({ plate }) => plate.ocr_model).filter((reader, at, all) => reader !== all[at - 1]);
}
