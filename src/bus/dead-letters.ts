import { AlprError, messageOf } from '../base/errors.ts';
import type { BusMessage } from './transport.ts';

/** A message that can never be handled, and why. */
export type DeadLetter = Readonly<{ message: BusMessage; error: unknown }>;

/** Where messages go that can never be written: with their original bytes, headers and origin, and the reason. */
export interface DeadLetters {
  keep(letters: readonly DeadLetter[]): Promise<void>;
  /**
   * Calls `note` with the cause of each letter that is kept from now on, each once although a message may be put there again
   * after a crash; where several processes keep letters they share them.
   */
  watch(note: (cause: string) => void): Promise<AsyncDisposable>;
}

/** A dead letter as it is kept. */
export type KeptLetter = Readonly<{
  id: string;
  /** When it was put among the dead letters, ISO 8601. */
  at: string;
  /** Code and sentence of what is wrong with it. */
  code: string;
  error: string;
  /** Bytes that were too many for the box: the message has none then, and lies at its origin as long as its topic keeps it. */
  leftOutBytes?: number;
  /** The message as it came; its origin where the bus has such. */
  message: BusMessage;
}>;

/** Dead letters that somebody has to decide on. */
export interface DeadLetterBox extends DeadLetters {
  /** All that are not yet settled, oldest first. */
  list(): Promise<readonly KeptLetter[]>;
  /** Takes letters out of the box: they were handed in again, or are not wanted. */
  settle(ids: readonly string[], how: 'replayed' | 'dropped'): Promise<void>;
}

/** Code and sentence of what made a message a dead letter. */
export function describeCause(error: unknown): Readonly<{ code: string; reason: string }> {
  const code = error instanceof AlprError ? error.code : 'EVENT_INVALID';
  return { code, reason: messageOf(error) };
}
