import type { PlateMatch } from '../contract/rule.ts';
import type { ListEntry } from './entries.ts';
import type { Hit } from './hits.ts';
import { isWildcard } from './wildcard.ts';

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

  /** Tells of the rules about an entry in force of the text that was read, of those that are `admitted`. */
  find(entry: ListEntry, admitted: Uint8Array, tell: (hit: Hit) => void): void {
    const found = { entry, p: undefined, admitted };
    tellAll(this.#lists.get(entry.list), found, tell);
    for (const tag of entry.tags) tellAll(this.#tags.get(tag), found, tell);
  }

  /** The same of a text that the read may be, with its probability. */
  findLikely(entry: ListEntry, p: number, admitted: Uint8Array, tell: (hit: Hit) => void): void {
    tellAll(this.#likely.get(entry.list), { entry, p, admitted }, tell);
  }
}

type Found = Readonly<{ entry: ListEntry; p: number | undefined; admitted: Uint8Array }>;

/** Rules about a list may be as many as there are cameras, and few of them are of this one. */
function tellAll(asked: readonly Asked[] = [], { entry, p, admitted }: Found, tell: (hit: Hit) => void): void {
  for (const { rule, order, atLeast } of asked) {
    if (admitted[rule] === 0 || (p !== undefined && p < atLeast)) continue;
    tell({ rule, order: isWildcard(entry.pattern) ? AFTER_EXACT + order : order, wanted: entry.pattern, entry, p });
  }
}

function push(map: Map<string, Asked[]>, key: string, asked: Asked): void {
  const known = map.get(key);
  if (known) known.push(asked);
  else map.set(key, [asked]);
}
