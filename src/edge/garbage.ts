import { setFlagsFromString } from 'node:v8';

/** The heap may grow by so much of itself before it is gone through again. */
const GROWTH_PERCENT = 200;

/**
 * Lets garbage wait. What decoders write comes in pieces that count as heap, megabytes for each picture. Left to itself V8 goes
 * through all that is in use for every few pictures, which took a third of the processor time that an empty road costs.
 */
export function letGarbageWait(): Disposable {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  return { [Symbol.dispose]: () => setFlagsFromString('--heap-growing-percent=0') };
}
