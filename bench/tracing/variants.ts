import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Row } from '../row.ts';

/**
 * The tree whose sources run, the share of passages that is traced, and the most that begin in a second, as configured unless
 * said; without a share there are no traces.
 */
type Variant = Readonly<{ name: string; root: string; share?: number; most?: number }>;

const OFF = 'traces off';
const ALL = 100_000;

const ROUNDS = 10;
/** Student's t for so many, at 97.5 % (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2). */
const STUDENT = 2.262;

const HERE = join(import.meta.dirname, '..', '..');

/** What is compared. OVR_ALPR_BEFORE names a checkout of a version without traces. */
function listVariants(): readonly Variant[] {
  const before = process.env.OVR_ALPR_BEFORE;
  return [
    ...(before === undefined ? [] : [{ name: 'a version without traces', root: before }]),
    { name: OFF, root: HERE },
    { name: 'traces of 10 %', root: HERE, share: 0.1 },
    { name: 'traces of 10 %, however many a second', root: HERE, share: 0.1, most: ALL },
    { name: 'traces of all, however many a second', root: HERE, share: 1, most: ALL },
  ];
}

type Comparison = Readonly<{
  what: string;
  unit: string;
  /** Runs one variant and prints a number. */
  script: string;
  args: readonly string[];
}>;

/**
 * Runs the variants in turn, forwards and backwards, each in a process of its own. Each round compares them with the one that has no
 * traces, side by side, so that what else the machine does moves both. Says what each costs more than none on average, and within
 * which bounds that lies with a probability of 95 %.
 */
export async function compare({ what, unit, script, args }: Comparison): Promise<readonly Row[]> {
  await using receiver = await openReceiver();
  const variants = listVariants();
  const figures = variants.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    const turns = [...variants.entries()];
    for (const [at, { root, share, most }] of round % 2 === 0 ? turns : turns.reverse()) {
      const given = { root, share, most, endpoint: receiver.endpoint };
      const run = await promisify(execFile)(process.execPath, [script, JSON.stringify(given), ...args]);
      figures[at]?.push(Number(run.stdout));
    }
  }
  const off = figures[variants.findIndex(({ name }) => name === OFF)] ?? [];
  return variants.flatMap(({ name }, at) => {
    const own = figures[at] ?? [];
    const row = { what: `${what}, ${name}`, value: median(own), unit };
    if (name === OFF) return [row];
    const { mean, bound } = describeMean(own.map((figure, round) => 100 * (figure / (off[round] ?? Number.NaN) - 1)));
    return [row, { what: `… more than with traces off`, value: mean, unit: `% ± ${bound.toFixed(2)}` }];
  });
}

/** The mean, and how far the true one may lie from it with a probability of 95 %. */
function describeMean(values: readonly number[]): Readonly<{ mean: number; bound: number }> {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { mean, bound: STUDENT * Math.sqrt(variance / count) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Takes spans as a server would, and forgets them. */
async function openReceiver() {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
