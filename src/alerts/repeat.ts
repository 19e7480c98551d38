import { pause } from '../base/retry.ts';

type Repeated = Readonly<{ everyMs: number; onError: (error: unknown) => void }>;

/** Does something every so often until disposed; what fails is told and done again the next time. */
export function repeat({ everyMs, onError }: Repeated, work: () => Promise<void>): AsyncDisposable {
  const closing = new AbortController();
  const running = (async () => {
    for (;;) {
      await pause(everyMs, closing.signal);
      if (closing.signal.aborted) return;
      await work().catch(onError);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}
