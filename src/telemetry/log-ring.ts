/** A line of the log as it was written. */
export type LogLine = Readonly<{
  /** Counts up from 1 in the life of the process. */
  number: number;
  time: string;
  level: LogRank;
  message: string;
  /** Everything else in it. */
  facts: Readonly<Record<string, unknown>>;
}>;

export type LogRank = 'debug' | 'info' | 'warn' | 'error';

export type LogQuery = Readonly<{
  /** The least severe. */
  level: LogRank;
  /** A text that they have somewhere, in whichever case. */
  contains?: string | undefined;
  /** Only those after the one of this number. */
  after?: number | undefined;
  /** So many of the newest. */
  limit: number;
}>;

/** The newest lines of the log, for those who watch. */
export interface LogTail {
  /** Those that a query asks for, oldest first, and the number of the newest line there is. */
  read(query: LogQuery): Readonly<{ lines: readonly LogLine[]; newest: number }>;
}

/** As much as a few thousand lines. */
const BYTES = 1_000_000;

const RANKS: Readonly<Record<LogRank, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

/** The newest lines of the log of this process, as many as fit into so many characters. */
export class LogRing implements LogTail {
  readonly #most: number;
  #lines: string[] = [];
  #size = 0;
  #written = 0;

  constructor(most = BYTES) {
    this.#most = most;
  }

  /** Keeps a line of JSON. */
  add(line: string): void {
    this.#lines.push(line);
    this.#written += 1;
    this.#size += line.length;
    // Half of them at once, because moving all others for each new line would cost more than the line.
    if (this.#size > this.#most) {
      this.#lines = this.#lines.slice(Math.ceil(this.#lines.length / 2));
      this.#size = this.#lines.reduce((sum, { length }) => sum + length, 0);
    }
  }

  read({ level, contains, after = 0, limit }: LogQuery): ReturnType<LogTail['read']> {
    const first = this.#written - this.#lines.length + 1;
    // A number that is not reached yet comes from the life of another process.
    const from = after > this.#written ? 0 : Math.max(0, after - first + 1);
    const text = contains?.toLowerCase();
    const lines: LogLine[] = [];
    for (let at = this.#lines.length - 1; at >= from && lines.length < limit; at -= 1) {
      const line = this.#lines[at] ?? '';
      if (text !== undefined && !line.toLowerCase().includes(text)) continue;
      const read = parse(line, first + at);
      if (read && RANKS[read.level] >= RANKS[level]) lines.push(read);
    }
    return { lines: lines.reverse(), newest: this.#written };
  }
}

function parse(line: string, number: number): LogLine | undefined {
  try {
    const { level, time, msg, ...facts } = JSON.parse(line);
    const { err } = facts;
    // Where in the code is for the file of the log.
    if (typeof err === 'object' && err !== null) delete err.stack;
    return { number, time: String(time), level, message: String(msg ?? ''), facts };
  } catch {
    return undefined;
  }
}
