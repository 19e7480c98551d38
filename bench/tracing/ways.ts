import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Row } from '../row.ts';
import type { TracedBy } from './open-traced.ts';

const ALL = 100_000;

/** The ways that are compared; the first has no traces. */
export const WAYS: readonly (TracedBy & Readonly<{ name: string }>)[] = [
  { name: 'traces off' },
  { name: 'traces of 10 %', share: 0.1 },
  { name: 'traces of 10 %, however many a second', share: 0.1, most: ALL },
  { name: 'traces of all, however many a second', share: 1, most: ALL },
];

/**
 * The median of each way, and that of what it costs more than the first, with the bounds within which it lies with a probability of 95 %
 * however figures are spread. Only those of one turn are compared, which were measured one after the other: what else the machine does moves all of them.
 */
export function describeCosts(what: string, unit: string, figures: readonly (readonly number[])[]): readonly Row[] {
  const [off = []] = figures;
  return WAYS.flatMap(({ name }, at) => {
    const own = figures[at] ?? [];
    const row = { what: `${what}, ${name}`, value: median(own), unit };
    if (at === 0) return [row];
    const more = own.map((figure, turn) => 100 * (figure / (off[turn] ?? Number.NaN) - 1)).sort((a, b) => a - b);
    const [low, high] = [more[boundOf(more.length)], more.at(-1 - boundOf(more.length))].map((one) =>
      (one ?? Number.NaN).toFixed(1),
    );
    return [row, { what: '… more than with traces off', value: median(more), unit: `% (${low} to ${high})` }];
  });
}

/** So many of `count` figures lie outside of each bound: the binomial distribution says how probable it is that the median does, too. */
function boundOf(count: number): number {
  let [outside, chance, below] = [0, 0.5 ** count, 0.5 ** count];
  while (below <= 0.025) {
    outside += 1;
    chance *= (count - outside + 1) / outside;
    below += chance;
  }
  return Math.max(0, outside - 1);
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
