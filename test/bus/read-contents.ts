import { type Arrival, Undecodable } from '../../src/bus/bus.ts';

/** What arrived, all of which must be what its topic carries. */
export function readContents<T>(batch: readonly Arrival<T>[]): readonly T[] {
  return batch.map((arrival) => {
    const content = arrival.read();
    if (content instanceof Undecodable) throw content.error;
    return content;
  });
}
