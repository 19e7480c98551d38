import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom } from '../../src/base/random.ts';
import type { Row } from '../row.ts';
import type { TracedBy } from './open-traced.ts';

const ALL = 100_000;
const DRAWS = 2000;

/** The ways that are compared; the first has no traces. */
export const WAYS: readonly (TracedBy & Readonly<{ name: string }>)[] = [
  { name: 'traces off' },
  { name: 'traces of 10 %', share: 0.1 },
  { name: 'traces of 10 %, however many a second', share: 0.1, most: ALL },
  { name: 'traces of all, however many a second', share: 1, most: ALL },
];

/**
 * The lower quartile of each way, as what else a machine does only adds to processor time, and by how much it exceeds that of the first, with the
 * bounds within which this lies with a probability of 95 % (bootstrap over the turns, in which all ways were measured one after the other).
 */
export function describeCosts(what: string, unit: string, figures: readonly (readonly number[])[]): readonly Row[] {
  const [off = []] = figures;
  return WAYS.flatMap(({ name }, at) => {
    const own = figures[at] ?? [];
    const row = { what: `${what}, ${name}`, value: lowerQuartile(own), unit };
    if (at === 0) return [row];
    const more = (turns: readonly number[]) => {
      const [ours, theirs] = [own, off].map((all) => lowerQuartile(turns.map((turn) => all[turn] ?? Number.NaN)));
      return 100 * ((ours ?? Number.NaN) / (theirs ?? Number.NaN) - 1);
    };
    const { below } = createRandom(1);
    const drawn = Array.from({ length: DRAWS }, () => more(own.map(() => below(own.length)))).sort((a, b) => a - b);
    const [low, high] = [0.025, 0.975].map((share) => drawn[Math.floor(share * DRAWS)]?.toFixed(1));
    return [row, { what: '… more than with traces off', value: more([...own.keys()]), unit: `% (${low} to ${high})` }];
  });
}

/** The median, with the bounds within which it lies with a probability of 95 % (bootstrap). */
export function describeFigures(figures: readonly number[], unit: string): Pick<Row, 'value' | 'unit'> {
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  const { pick } = createRandom(1);
  const drawn = Array.from({ length: DRAWS }, () => median(figures.map(() => pick(figures)))).sort((a, b) => a - b);
  const [low, high] = [0.025, 0.975].map((share) => drawn[Math.floor(share * DRAWS)]?.toFixed(2));
  return { value: median(figures), unit: `${unit} (${low} to ${high})` };
}

function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 2] ?? Number.NaN;
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
