import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Row } from '../row.ts';
import type { TracedBy } from './open-traced.ts';

const ALL = 100_000;

/** What is compared; the first has no traces. */
export const WAYS: readonly (TracedBy & Readonly<{ name: string }>)[] = [
  { name: 'traces off' },
  { name: 'traces of 10 %', share: 0.1 },
  { name: 'traces of 10 %, however many a second', share: 0.1, most: ALL },
  { name: 'traces of all, however many a second', share: 1, most: ALL },
];

/** How often each way is gone. */
export const TURNS = 12;
/** Student's t for so many, at 97.5 % (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2). */
const STUDENT = 2.201;

/**
 * The median of each way, and what it costs more than the first on average, with the bounds within which that lies with a probability of
 * 95 %. Only figures of one turn are compared, which were measured one after the other: what else the machine does moves all of them.
 */
export function describeCosts(what: string, unit: string, figures: readonly (readonly number[])[]): readonly Row[] {
  const [off = []] = figures;
  return WAYS.flatMap(({ name }, at) => {
    const own = figures[at] ?? [];
    const row = { what: `${what}, ${name}`, value: median(own), unit };
    if (at === 0) return [row];
    const { mean, bound } = describeMean(own.map((figure, turn) => 100 * (figure / (off[turn] ?? Number.NaN) - 1)));
    return [row, { what: '… more than with traces off', value: mean, unit: `% ± ${bound.toFixed(2)}` }];
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
export async function openReceiver() {
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
