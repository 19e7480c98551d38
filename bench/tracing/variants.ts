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

const ALL = 100_000;

const HERE = join(import.meta.dirname, '..', '..');

/** What is compared. OVR_ALPR_BEFORE names a checkout of a version without traces. */
function listVariants(): readonly Variant[] {
  const before = process.env.OVR_ALPR_BEFORE;
  return [
    ...(before === undefined ? [] : [{ name: 'a version without traces', root: before }]),
    { name: 'traces off', root: HERE },
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
  rounds: number;
}>;

/**
 * Runs the variants in turn, each in a process of its own, and compares each round with the one that has no traces: the median
 * of the ratios of rounds is not moved by what else the machine does.
 */
export async function compare({ what, unit, script, args, rounds }: Comparison): Promise<readonly Row[]> {
  await using receiver = await openReceiver();
  const variants = listVariants();
  const figures = variants.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, { root, share, most }] of variants.entries()) {
      const given = { root, share, most, endpoint: receiver.endpoint };
      const run = await promisify(execFile)(process.execPath, [script, JSON.stringify(given), ...args]);
      figures[at]?.push(Number(run.stdout));
    }
  }
  const off = figures[variants.findIndex(({ name }) => name === 'traces off')] ?? [];
  return variants.map(({ name }, at) => ({
    what: `${what}, ${name}`,
    value: median(figures[at] ?? []),
    unit,
    ratio: median((figures[at] ?? []).map((figure, round) => figure / (off[round] ?? Number.NaN))),
    against: 'traces off',
  }));
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
