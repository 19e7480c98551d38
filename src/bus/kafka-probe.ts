import { pause } from '../base/retry.ts';
import type { KafkaAdmin } from './kafka-client.ts';

/** Milliseconds: between two questions, until an answer counts as missing, and before it is asked once more. */
const [EVERY_MS, LIMIT_MS, AGAIN_MS] = [3000, 4000, 500];

type ProbeOptions = Readonly<{
  createClient: () => KafkaAdmin;
  onAnswer: () => void;
  /** Two questions in a row were not answered; `since` is when the first was asked, by `performance.now`. */
  onSilence: (error: unknown, since: number) => void;
  signal: AbortSignal;
}>;

/**
 * Asks the broker for its versions at short intervals until `signal` aborts. A connection that is silent shows nothing of
 * a broker that froze; with this, one that died or froze is known within twelve seconds.
 */
export async function probeBroker({ createClient, onAnswer, onSilence, signal }: ProbeOptions): Promise<void> {
  let client: KafkaAdmin | undefined;
  let askedInVain: number | undefined;
  while (!signal.aborted) {
    const asked = performance.now();
    client ??= createClient();
    const failure = await ask(client, signal);
    if (signal.aborted) break;
    if (failure === undefined) {
      askedInVain = undefined;
      onAnswer();
    } else {
      void client[Symbol.asyncDispose]();
      client = undefined;
      if (askedInVain !== undefined) onSilence(failure, askedInVain);
      askedInVain ??= asked;
    }
    await pause(askedInVain === asked ? AGAIN_MS : EVERY_MS, signal);
  }
  await client?.[Symbol.asyncDispose]();
}

/** Why there was no answer in time; undefined when there was one. */
async function ask(client: KafkaAdmin, signal: AbortSignal): Promise<unknown> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${LIMIT_MS} ms`)), LIMIT_MS);
  const giveUp = () => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await Promise.race([client.listApis(), tooLate]);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
