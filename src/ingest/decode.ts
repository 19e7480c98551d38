import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { BusMessage } from '../bus/bus.ts';
import type { EventCodec } from '../contract/event-codec.ts';
import type { DeadLetter } from '../store/dead-letters.ts';
import { type EventRow, rowOf } from '../store/event-row.ts';

/** A few milliseconds of work, after which sockets and timers have their turn. */
const AT_ONCE = 32;

/** A message that is an event, ready to be written. */
export type Decoded = Readonly<{ message: BusMessage; row: EventRow }>;

/** Messages apart: what can be written, and what is no event with the reason. */
type Sorted = Readonly<{ good: readonly Decoded[]; dead: readonly DeadLetter[] }>;

/**
 * Decodes and checks messages bit by bit, so that a write that is under way goes on meanwhile. Rejects with
 * REGISTRY_UNAVAILABLE alone: when messages name a schema that is not known yet and nobody can be asked about it.
 */
export async function decodeMessages(messages: readonly BusMessage[], codec: EventCodec): Promise<Sorted> {
  await codec.learn(messages.map(({ value }) => value));
  const good: Decoded[] = [];
  const dead: DeadLetter[] = [];
  for (const [index, message] of messages.entries()) {
    if (index > 0 && index % AT_ONCE === 0) await yieldToOthers();
    try {
      good.push({ message, row: rowOf(codec.decode(message.value)) });
    } catch (error) {
      dead.push({ message, error });
    }
  }
  return { good, dead };
}
