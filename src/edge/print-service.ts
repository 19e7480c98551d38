import type { Service } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';

type Needs = Readonly<{ bus: Bus }>;
type Context = Readonly<{ config: object }>;

const GROUP = 'stdout';

/** Prints each revision of an event as one line of JSON; it is forgotten once its line is written. */
export const printService: Service<Needs, Context> = {
  name: 'stdout',
  summary: 'print events as lines of JSON',
  needs: { bus: 'vital' },
  groups: [GROUP],
  open: ({ bus }) =>
    bus.subscribe({ topic: 'plates', group: GROUP, maxBatch: 1000, maxWaitMs: 0 }, async (batch) => {
      for (const { message } of batch) await writeLine(message.value);
    }),
};

function writeLine(value: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  process.stdout.write(Buffer.concat([value, Buffer.from('\n')]), (error) => (error ? reject(error) : resolve()));
  return promise;
}
