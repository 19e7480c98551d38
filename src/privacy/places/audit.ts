import { NOTHING, type Place } from '../place.ts';

/** The audit, in which each plate stands under a key of its own. */
type PlateKeys = Readonly<{
  count(): Promise<number>;
  has(plate: string): Promise<boolean>;
  /** Makes the plate unreadable in every entry; whether there was a key. */
  destroy(plate: string): Promise<boolean>;
}>;

/** Who looked a plate up stays; which plate it was is gone with the plate's key, and the chain of entries still verifies. */
export function openAuditPlace(keys: PlateKeys): Place {
  const each = async (texts: readonly string[], ask: (text: string) => Promise<boolean>) => {
    let count = 0;
    for (const text of texts) if (await ask(text)) count += 1;
    return { ...NOTHING, count };
  };
  return {
    name: 'audit',
    what: 'keys of plates',
    note: 'Entries stay; without its key nobody can tell which plate they are about',
    measure: async () => ({ ...NOTHING, count: await keys.count() }),
    find: ({ plate }) => each(plate === null ? [] : [plate], (text) => keys.has(text)),
    erase: ({ plate }) => each(plate === null ? [] : [plate], (text) => keys.destroy(text)),
  };
}
