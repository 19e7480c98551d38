import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom } from '../../src/base/random.ts';
import type { Row } from '../row.ts';
import type { TracedBy } from './open-traced.ts';

const ALL = 100_000;
const DRAWS = 2000;

/** The ways that are compared; the first two have no traces: what the second differs from the first is what a measurement leaves open. */
export const WAYS: readonly (TracedBy & Readonly<{ name: string }>)[] = [
  { name: 'traces off' },
  { name: 'traces off, once more' },
  { name: 'traces of 10 %', share: 0.1 },
  { name: 'traces of 10 %, however many a second', share: 0.1, most: ALL },
  { name: 'traces of all, however many a second', share: 1, most: ALL },
];

/**
 * The median of each way, and by how much it exceeds the first: the mean of the middle half of the ratios within turns, in which all ways were
 * measured one after the other, with the bounds within which it lies with a probability of 95 % (bootstrap over the turns).
 */
export function describeCosts(what: string, unit: string, figures: readonly (readonly number[])[]): readonly Row[] {
  const [off = []] = figures;
  return WAYS.flatMap(({ name }, at) => {
    const own = figures[at] ?? [];
    const row = { what: `${what}, ${name}`, value: medianOf(own), unit };
    if (at === 0) return [row];
    const ratios = own.map((value, turn) => value / (off[turn] ?? Number.NaN));
    const more = (some: readonly number[]) => 100 * (meanOfMiddle(some) - 1);
    const { low, high } = boundsOf(ratios, more, 1);
    return [row, { what: '… more than with traces off', value: more(ratios), unit: `% (${low} to ${high})` }];
  });
}

/** The median, with the bounds within which it lies with a probability of 95 % (bootstrap). */
export function describeFigures(figures: readonly number[], unit: string): Pick<Row, 'value' | 'unit'> {
  const { low, high } = boundsOf(figures, medianOf, 2);
  return { value: medianOf(figures), unit: `${unit} (${low} to ${high})` };
}

function boundsOf(figures: readonly number[], describe: (some: readonly number[]) => number, digits: number) {
  const { pick } = createRandom(1);
  const drawn = Array.from({ length: DRAWS }, () => describe(figures.map(() => pick(figures)))).sort((a, b) => a - b);
  const [low, high] = [0.025, 0.975].map((share) => drawn[Math.floor(share * DRAWS)]?.toFixed(digits));
  return { low, high };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function meanOfMiddle(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b).slice(values.length >> 2, values.length - (values.length >> 2));
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
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
