import { dirname } from 'node:path';
import type { Amount } from '../contract/api/privacy.ts';
import { pictureFolder } from '../contract/image-key.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { normalizePlate } from '../contract/plate-text.ts';
import type { Sql } from '../db/sql.ts';
import { readRevisionsOf } from '../store/privacy/subject-events.ts';
import { addAmounts, NOTHING, type Traces } from './place.ts';

type Wanted = Readonly<{ sql: Sql; plate: string | null; ids: readonly string[]; texts: readonly string[] }>;

/** Reads every revision of the events `ids` and collects what the places need to find them. */
export async function findTraces({ sql, plate, ids, texts }: Wanted): Promise<Traces> {
  const found = new Collection(texts);
  for await (const revisions of readRevisionsOf(sql, ids)) {
    for (const { event, bytes, newest } of revisions) found.add(event, bytes, newest);
  }
  return found.toTraces(plate, ids);
}

class Collection {
  readonly #wanted: ReadonlySet<string>;
  readonly #texts: Set<string>;
  readonly #spellings: Set<string>;
  readonly #pictures = new Set<string>();
  readonly #folders = new Set<string>();
  #rows: Amount = NOTHING;
  #revisions: Amount = NOTHING;
  #correctedAway = 0;
  #first: string | undefined;
  #last: string | undefined;

  constructor(texts: readonly string[]) {
    this.#wanted = new Set(texts);
    this.#texts = new Set(texts);
    this.#spellings = new Set(texts);
  }

  add(event: PlateEvent, bytes: number, newest: boolean): void {
    const { plate, images, detected_at: at } = event;
    const text = normalizePlate(plate.text_normalized);
    this.#texts.add(text);
    for (const spelling of [text, plate.text_raw]) if (spelling !== '') this.#spellings.add(spelling);
    for (const { key } of Object.values(images ?? {})) {
      this.#pictures.add(key);
      this.#folders.add(dirname(key));
    }
    this.#folders.add(
      pictureFolder({
        site: event.site_id,
        camera: event.camera_id,
        detectedAt: Date.parse(at),
        id: event.event_id.toLowerCase(),
      }),
    );
    const one = { count: 1, bytes };
    if (newest) this.#rows = addAmounts(this.#rows, one);
    else this.#revisions = addAmounts(this.#revisions, one);
    if (newest && this.#wanted.size > 0 && !this.#wanted.has(text)) this.#correctedAway += 1;
    if (this.#first === undefined || at < this.#first) this.#first = at;
    if (this.#last === undefined || at > this.#last) this.#last = at;
  }

  toTraces(plate: string | null, ids: readonly string[]): Traces {
    return {
      plate,
      ids,
      texts: [...this.#texts],
      spellings: [...this.#spellings],
      pictures: [...this.#pictures],
      folders: [...this.#folders],
      rows: this.#rows,
      revisions: this.#revisions,
      correctedAway: this.#correctedAway,
      firstSeen: this.#first,
      lastSeen: this.#last,
    };
  }
}
