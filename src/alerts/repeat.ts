import type { Log } from '../base/log.ts';
import { pause } from '../base/retry.ts';

type Repeated = Readonly<{ everyMs: number; log: Log /** For the log, where `work` fails. */; failure: string }>;

/** Does something every so often until disposed; what fails is logged and done again the next time. */
export function repeat({ everyMs, log, failure }: Repeated, work: () => Promise<void>): AsyncDisposable {
  const closing = new AbortController();
  const running = (async () => {
    for (;;) {
      await pause(everyMs, closing.signal);
      if (closing.signal.aborted) return;
      await work().catch((err: unknown) => log.warn({ err }, failure));
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}
