import { canonicalize, hashText } from './canonical.ts';
import { type ChainEnd, type ChainedEntry, chainedEntrySchema } from './chain.ts';
import { type Checkpoint, isSigned, type PublicKeys, type Signed } from './checkpoint.ts';

/** An entry as a table or a file has it: what it says, the hash beside it, and the number of its place, where it has one. */
export type FoundEntry = Readonly<{ kind: 'entry'; place?: number; hash: string; entry: unknown }>;
export type FoundCheckpoint = Readonly<{ kind: 'checkpoint'; checkpoint: Signed<Checkpoint> }>;
export type Found = FoundEntry | FoundCheckpoint;

/** What was done to the chain where it is broken. */
export type Fault = Readonly<{
  kind: 'changed' | 'removed' | 'inserted' | 'reordered' | 'rewritten' | 'truncated' | 'signature';
  /** Number of the entry, or of the checkpoint's entry. */
  number: number;
  message: string;
}>;

/** What was checked, and the first broken link if there is one. */
export type Verdict = Readonly<{
  entries: number;
  checkpoints: number;
  end: ChainEnd;
  /** The last checkpoint that fits. */
  signed: Checkpoint | undefined;
  fault: Fault | undefined;
}>;

type Range = Readonly<{
  /** The entry before the first one. */
  start: ChainEnd;
  /** The last one, where it is known. */
  end: ChainEnd | undefined;
  keys: PublicKeys;
  /** Is shown each entry whose link is whole. */
  onEntry?: (entry: ChainedEntry) => void;
}>;

/** Follows the chain link by link, in the order in which it is found, up to the first that is broken. */
export async function verifyChain(found: AsyncIterable<Found>, range: Range): Promise<Verdict> {
  const walk = new Walk(range);
  let fault: Fault | undefined;
  for await (const one of found) {
    fault = walk.take(one);
    if (fault) break;
  }
  fault ??= walk.finish();
  const { entries, checkpoints, end, signed } = walk;
  return { entries, checkpoints, end, signed, fault };
}

class Walk {
  readonly #range: Range;
  /** Something of a higher number came: the missing entry was removed, or stands further on, or nothing follows at all. */
  #gap: Readonly<{ missing: number; came: number; isFollowed: boolean }> | undefined;
  entries = 0;
  checkpoints = 0;
  end: ChainEnd;
  signed: Checkpoint | undefined;

  constructor(range: Range) {
    this.#range = range;
    this.end = range.start;
  }

  take(one: Found): Fault | undefined {
    if (this.#gap) return this.#lookBeyond(this.#gap, one);
    return one.kind === 'entry' ? this.#takeEntry(one) : this.#takeCheckpoint(one.checkpoint);
  }

  /** What is wrong when nothing follows. */
  finish(): Fault | undefined {
    const { end } = this.#range;
    if (this.#gap?.isFollowed) return describeRemoved(this.#gap.missing, this.#gap.came - 1);
    const last = Math.max(end?.number ?? 0, (this.#gap?.came ?? 0) - 1);
    if (last > this.end.number) {
      const number = this.end.number + 1;
      return { kind: 'truncated', number, message: `The end was cut off: entries ${number} to ${last} are missing` };
    }
    if (end?.number !== this.end.number || end.hash === this.end.hash) return undefined;
    return breakAt('rewritten', end.number, 'is not the one that was the last');
  }

  #takeEntry({ place, hash, entry: content }: FoundEntry): Fault | undefined {
    const next = this.end.number + 1;
    const parsed = chainedEntrySchema.safeParse(content);
    if (!parsed.success) return breakAt('changed', place ?? next, 'is no entry any more');
    const entry = parsed.data;
    const { number } = entry;
    if ((place ?? number) > next) {
      this.#gap = { missing: next, came: place ?? number, isFollowed: true };
      return undefined;
    }
    if (place !== undefined && place !== number) {
      return breakAt('reordered', place, `is in another place: entry ${number} stands there`);
    }
    if (number < next) return breakAt('inserted', number, `stands a second time, after entry ${next - 1}`);
    if (hashText(canonicalize(entry)) !== hash) return breakAt('changed', number, 'was changed: its hash is another');
    if (entry.previous !== this.end.hash) {
      return breakAt('inserted', number, `was put in or exchanged: it does not follow entry ${number - 1}`);
    }
    this.end = { number, hash };
    this.entries += 1;
    this.#range.onEntry?.(entry);
    return undefined;
  }

  #takeCheckpoint(checkpoint: Signed<Checkpoint>): Fault | undefined {
    const { number, at, hash } = checkpoint.content;
    const { start, keys } = this.#range;
    if (!isSigned(checkpoint, keys)) {
      const message = `The checkpoint of entry ${number} (${at}) was not signed by a known key`;
      return { kind: 'signature', number, message };
    }
    if (number > this.end.number) {
      this.#gap = { missing: this.end.number + 1, came: number + 1, isFollowed: false };
      return undefined;
    }
    // A file may begin with the checkpoint before its first entry.
    if (number < this.end.number) return undefined;
    if (hash !== this.end.hash) {
      const since = (this.signed?.number ?? start.number) + 1;
      const message = `Of the entries ${since} to ${number} one or more were rewritten: the checkpoint of ${at} signed another hash`;
      return { kind: 'rewritten', number: since, message };
    }
    this.signed = checkpoint.content;
    this.checkpoints += 1;
    return undefined;
  }

  /** Whether the missing entry stands further on. */
  #lookBeyond({ missing, came }: Readonly<{ missing: number; came: number }>, one: Found): Fault | undefined {
    if (one.kind !== 'entry') return undefined;
    this.#gap = { missing, came, isFollowed: true };
    if (chainedEntrySchema.safeParse(one.entry).data?.number !== missing) return undefined;
    return breakAt('reordered', missing, `is in another place: it stands after entry ${came}`);
  }
}

function describeRemoved(from: number, through: number): Fault {
  const which = through > from ? `Entries ${from} to ${through} were` : `Entry ${from} was`;
  return { kind: 'removed', number: from, message: `${which} removed` };
}

function breakAt(kind: Fault['kind'], number: number, what: string): Fault {
  return { kind, number, message: `Entry ${number} ${what}` };
}
