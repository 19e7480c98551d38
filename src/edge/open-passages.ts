import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../base/durable-file.ts';
import type { Log } from '../base/log.ts';
import { decodeEvent, encodeEvent } from '../contract/codec.ts';
import type { PlateEvent } from '../contract/plate-event.ts';

/**
 * The last provisional revision of each open passage, one file each, so that the next start ends a passage that a crash
 * cut off instead of leaving it provisional for ever.
 */
export class OpenPassages {
  readonly #folder: string;
  readonly #log: Log;

  private constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  static async open(folder: string, log: Log): Promise<OpenPassages> {
    await mkdir(folder, { recursive: true });
    return new OpenPassages(folder, log);
  }

  async remember(event: PlateEvent): Promise<void> {
    await writeDurably(this.#file(event.event_id), encodeEvent(event));
  }

  /** Not synced: a passage that reappears after a power failure is ended once more, which changes nothing. */
  async forget(eventId: string): Promise<void> {
    await rm(this.#file(eventId), { force: true });
  }

  /** The final revisions of all passages that an earlier run left open. */
  async interrupted(): Promise<readonly PlateEvent[]> {
    const events: PlateEvent[] = [];
    for (const name of (await readdir(this.#folder)).filter((name) => name.endsWith('.json'))) {
      const file = join(this.#folder, name);
      try {
        const event = decodeEvent(await readFile(file));
        events.push({ ...event, revision: event.revision + 1, status: 'final' });
      } catch (error) {
        this.#log.warn({ file, err: error }, 'a record of an open passage is damaged and kept as .damaged');
        await rename(file, `${file}.damaged`);
      }
    }
    return events;
  }

  #file(eventId: string): string {
    return join(this.#folder, `${eventId}.json`);
  }
}
