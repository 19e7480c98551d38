import { alignTexts } from './align-texts.ts';
import type { TextRecord } from './records.ts';

/** How often a true character was read as another; `''` as truth is an insertion, as read a deletion. */
export type Confusion = Readonly<{ truth: string; read: string; count: number }>;

/** Every pair that occurred, also the right ones, the commonest first; texts of which nothing was read are left out. */
export function countConfusions(texts: readonly TextRecord[]): readonly Confusion[] {
  const counts = new Map<string, Confusion>();
  for (const record of texts) {
    if (record.text === '') continue;
    for (const { truth, read } of alignTexts(record.truth, record.text)) {
      const key = `${truth}\t${read}`;
      counts.set(key, { truth, read, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.truth + a.read < b.truth + b.read ? -1 : 1));
}
