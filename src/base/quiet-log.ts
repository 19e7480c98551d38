import type { Log } from './log.ts';

/** For how long repeats are collected: first, and from then on as long as there are any. */
const [FIRST_MS, NEXT_MS] = [60_000, 300_000];

/** Fields that say which of several things a line is about. */
const WHICH = ['camera_id', 'client', 'group', 'topic', 'registry'] as const;

type Level = 'debug' | 'info' | 'warn' | 'error';
type Line = Readonly<{ log: Log; level: Level; fields: object; message: string }>;
type Repeats = { last: Line; count: number; timer: NodeJS.Timeout };

/**
 * A log in which a state that lasts takes few lines: a warning or an error is written at once, and those that say the same
 * after it are summed up, with the facts of the last one, after a minute and then every five. Each is in the debug log.
 * Disposal writes the sums that are due.
 */
export function openQuietLog(log: Log): Log & Disposable {
  return new QuietLog(log, new Map(), '');
}

class QuietLog implements Log, Disposable {
  readonly #log: Log;
  readonly #repeats: Map<string, Repeats>;
  readonly #prefix: string;

  constructor(log: Log, repeats: Map<string, Repeats>, prefix: string) {
    this.#log = log;
    this.#repeats = repeats;
    this.#prefix = prefix;
  }

  debug(fields: object, message: string): void {
    write({ log: this.#log, level: 'debug', fields, message });
  }

  info(fields: object, message: string): void {
    write({ log: this.#log, level: 'info', fields, message });
  }

  warn(fields: object, message: string): void {
    this.#note({ log: this.#log, level: 'warn', fields, message });
  }

  error(fields: object, message: string): void {
    this.#note({ log: this.#log, level: 'error', fields, message });
  }

  child(fields: object): Log {
    return new QuietLog(this.#log.child(fields), this.#repeats, this.#prefix + JSON.stringify(fields));
  }

  [Symbol.dispose](): void {
    for (const [key, { timer }] of this.#repeats) {
      clearTimeout(timer);
      this.#sumUp(key);
    }
    this.#repeats.clear();
  }

  #note(line: Line): void {
    const key = this.#prefix + nameState(line);
    const known = this.#repeats.get(key);
    if (known) {
      known.last = line;
      known.count += 1;
      write({ ...line, level: 'debug' });
      return;
    }
    write(line);
    this.#repeats.set(key, { last: line, count: 0, timer: this.#wait(key, FIRST_MS) });
  }

  #wait(key: string, ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#goOn(key), ms).unref();
  }

  #goOn(key: string): void {
    const known = this.#repeats.get(key);
    if (!known) return;
    if (known.count === 0) this.#repeats.delete(key);
    else known.timer = this.#wait(key, NEXT_MS);
    this.#sumUp(key);
  }

  #sumUp(key: string): void {
    const known = this.#repeats.get(key);
    if (!known || known.count === 0) return;
    write({ ...known.last, fields: { ...known.last.fields, repeats: known.count } });
    known.count = 0;
  }
}

function write({ log, level, fields, message }: Line): void {
  log[level](fields, message);
}

/** The same for lines that say the same: other facts, such as a pause that grows, do not make another state. */
function nameState({ level, fields, message }: Line): string {
  const facts: Readonly<Record<string, unknown>> = { ...fields };
  const { err } = facts;
  const cause = err instanceof Error ? ('code' in err ? err.code : err.name) : undefined;
  return JSON.stringify([level, message, cause, ...WHICH.map((name) => facts[name])]);
}
