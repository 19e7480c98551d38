import type { DeadLetterBox, KeptLetter } from '../../bus/dead-letters.ts';
import { addAmounts, NOTHING, type Place } from '../place.ts';
import { speaksOf } from './speaks-of.ts';

type DeadLettersOptions = Readonly<{
  box: DeadLetterBox;
  /** Days for which a topic keeps letters although they are settled; undefined for a table, which keeps none. */
  topicDays: number | undefined;
}>;

const DAY_MS = 86_400_000;

/** Messages that could not be handled: those whose bytes speak of an event or its plate. */
export function openDeadLettersPlace({ box, topicDays }: DeadLettersOptions): Place {
  const sizeOf = (letters: readonly KeptLetter[]) =>
    letters.reduce((sum, { message }) => addAmounts(sum, { count: 1, bytes: message.value.length }), NOTHING);
  return {
    name: 'letters',
    what: 'messages',
    ...(topicDays !== undefined && {
      note: 'Letters are settled, so that nobody hands them in again; their bytes stay on the topic until its retention',
      staysUntil: (now: Date) => new Date(now.getTime() + topicDays * DAY_MS),
    }),
    measure: async () => sizeOf(await box.list()),
    find: async (traces) => sizeOf((await box.list()).filter(({ message }) => speaksOf(message.value, traces))),
    async erase(traces) {
      const letters = (await box.list()).filter(({ message }) => speaksOf(message.value, traces));
      await box.settle(
        letters.map(({ id }) => id),
        'dropped',
      );
      return sizeOf(letters);
    },
  };
}
