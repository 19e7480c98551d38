import type { PlateMatch } from '../../contract/rule.ts';
import type { ListEntry } from './entries.ts';
import type { Hit } from './hits.ts';

type Asked = Readonly<{ rule: number; order: number; atLeast: number }>;

/** An entry with wildcards comes after every exact one, whichever list of the rule has it. */
const AFTER_EXACT = 1000;

/** Finds the rules that are about an entry: by its list or by its tags, for what was read or for what it may be. */
export class ListIndex {
  readonly #lists = new Map<string, Asked[]>();
  readonly #tags = new Map<string, Asked[]>();
  readonly #likely = new Map<string, Asked[]>();

  add(rule: number, { list, tag, likelihood }: PlateMatch): void {
    for (const [order, name] of (list ?? []).entries()) push(this.#lists, name, { rule, order, atLeast: 0 });
    for (const [order, name] of (tag ?? []).entries()) push(this.#tags, name, { rule, order, atLeast: 0 });
    for (const [order, name] of (likelihood?.list ?? []).entries()) {
      push(this.#likely, name, { rule, order, atLeast: likelihood?.at_least ?? 1 });
    }
  }

  /** Tells of the rules about an entry in force of the text that was read. */
  find(entry: ListEntry, tell: (hit: Hit) => void): void {
    const found = [...(this.#lists.get(entry.list) ?? []), ...entry.tags.flatMap((tag) => this.#tags.get(tag) ?? [])];
    for (const asked of found) tell(hitOf(asked, entry, undefined));
  }

  /** Tells of the rules about an entry in force of a text that the read may be. */
  findLikely(entry: ListEntry, p: number, tell: (hit: Hit) => void): void {
    for (const asked of this.#likely.get(entry.list) ?? []) {
      if (p >= asked.atLeast) tell(hitOf(asked, entry, p));
    }
  }
}

function hitOf({ rule, order }: Asked, entry: ListEntry, p: number | undefined): Hit {
  const isWildcard = /[?*]/.test(entry.pattern);
  return { rule, order: isWildcard ? AFTER_EXACT + order : order, wanted: entry.pattern, entry, p };
}

function push(map: Map<string, Asked[]>, key: string, asked: Asked): void {
  const known = map.get(key);
  if (known) known.push(asked);
  else map.set(key, [asked]);
}
