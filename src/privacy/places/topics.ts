import { NOTHING, type Place } from '../place.ts';

const DAY_MS = 86_400_000;

/** The topics of a broker, which removes single messages for nobody: they go when the topic's retention has passed. */
export function openTopicsPlace({ names, days }: Readonly<{ names: readonly string[]; days: number }>): Place {
  return {
    name: 'topics',
    what: 'messages',
    note: `Kafka keeps messages of ${names.join(' and ')} for ${days} days, or as long as its administrator says, and removes no single one; they are refused when they are read again`,
    measure: async () => NOTHING,
    find: async () => NOTHING,
    erase: async () => NOTHING,
    staysUntil: (now) => new Date(now.getTime() + days * DAY_MS),
  };
}
