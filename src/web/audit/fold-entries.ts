import type { ShownAuditEntry } from '../../contract/api/audit.ts';

/** An entry, and how many views of pictures it stands for. */
export type FoldedEntry = ShownAuditEntry & Readonly<{ pictures: number }>;

/** One look at an event fetches its pictures within so long, milliseconds. */
const TOGETHER_MS = 60_000;

/**
 * Entries newest first, with the views of the pictures of one event by one person as one line, in the place of the last. That a
 * change had begun is shown only where nothing says how it ended.
 */
export function foldEntries(entries: readonly ShownAuditEntry[]): readonly FoldedEntry[] {
  const lines: FoldedEntry[] = [];
  const last = new Map<string, number>();
  const ended = new Set<unknown>();
  for (const entry of entries) {
    const { change, part } = entry.query;
    if (part === 'begun' && ended.has(change)) continue;
    if (change !== undefined) ended.add(change);
    const key = entry.action === 'picture' ? keyOf(entry) : undefined;
    const at = key === undefined ? undefined : last.get(key);
    const line = at === undefined ? undefined : lines[at];
    if (at !== undefined && line && Date.parse(line.at) - Date.parse(entry.at) <= TOGETHER_MS) {
      lines[at] = { ...line, pictures: line.pictures + 1, query: { event: entry.query.event } };
      continue;
    }
    if (key !== undefined) last.set(key, lines.length);
    lines.push({ ...entry, pictures: key === undefined ? 0 : 1 });
  }
  return lines;
}

function keyOf({ who, from, status, purpose, case_number, query }: ShownAuditEntry): string | undefined {
  if (typeof query.event !== 'string') return undefined;
  return JSON.stringify([who?.id, from, status, purpose, case_number, query.event]);
}
