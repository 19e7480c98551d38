import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../base/durable-file.ts';
import type { Log } from '../base/log.ts';

const NAME = /^\d{12}-[0-9a-f]{12}\.event$/;

/**
 * Events that the bus will never take as they are, each in its own file, so that they are not lost and hold up no
 * other. The next start tries them again, because somebody may have raised a limit.
 */
export class RefusedEvents {
  readonly #folder: string;
  readonly #log: Log;
  /** In the order of the spool. */
  readonly #names: string[];
  #told = false;

  private constructor(folder: string, log: Log, names: string[]) {
    this.#folder = folder;
    this.#log = log;
    this.#names = names;
  }

  static async open(folder: string, log: Log): Promise<RefusedEvents> {
    await mkdir(folder, { recursive: true });
    return new RefusedEvents(folder, log, await listRefused(folder));
  }

  get count(): number {
    return this.#names.length;
  }

  /** Appends what earlier runs set aside, oldest first; what cannot be read or appended stays for a later start. */
  async handIn(append: (payload: Uint8Array) => Promise<void>): Promise<void> {
    const names = this.#names.splice(0);
    for (const name of names) {
      const file = this.#path(name);
      try {
        await append(await readFile(file));
        await rm(file, { force: true });
      } catch (error) {
        this.#names.push(name);
        this.#log.error({ file, err: error }, 'a refused event cannot be sent again');
      }
    }
    const events = names.length - this.#names.length;
    if (events > 0) this.#log.info({ events }, 'refused events are sent again');
  }

  /** Resolves when the event is safe on the disk; the same event of the same number is one file, however often it comes. */
  async keep(id: number, payload: Uint8Array, refusal: Error): Promise<void> {
    const hash = createHash('sha256').update(payload).digest('hex').slice(0, 12);
    const name = `${String(id).padStart(12, '0')}-${hash}.event`;
    await writeDurably(this.#path(name), payload);
    if (!this.#names.includes(name)) this.#names.push(name);
    const fields = { file: this.#path(name), bytes: payload.length, err: refusal };
    if (this.#told) this.#log.debug(fields, 'another event that the bus refuses for good is set aside');
    else
      this.#log.error(
        { ...fields, advice: ADVICE },
        'the bus refuses an event for good; it is set aside and others go on',
      );
    this.#told = true;
  }

  /** Deletes the oldest to make room on a full disk; false if there is none. */
  async giveUpOldest(): Promise<boolean> {
    const [oldest] = this.#names;
    if (oldest === undefined) return false;
    await rm(this.#path(oldest), { force: true });
    this.#names.shift();
    this.#log.error({ file: this.#path(oldest) }, 'the disk is full; a refused event is given up');
    return true;
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

const ADVICE =
  'raise max.message.bytes of the topic of events, or mend what the broker says, then restart this process: it sends such events again; alpr_events_refused_total counts them';

/** Names of the files of refused events, oldest first; empty without a folder. */
export async function listRefused(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => NAME.test(name)).sort();
}
