import type { Frame } from '../frame.ts';
import { measureIou } from '../geometry.ts';
import type { PipelineOptions } from '../options.ts';
import { isSamePlate } from './align.ts';
import { Passage } from './passage.ts';
import type { RejectReason, Sighting } from './sighting.ts';

/** A passage that ended without a text worth sending. */
export type LostPassage = Readonly<{ trackId: number; reason: RejectReason }>;

/** What ended: finals, and passages that gave none. */
export type Ended = Readonly<{ sightings: readonly Sighting[]; lost: readonly LostPassage[] }>;

/** The open passages of one camera: which track belongs to which, which of them are one vehicle, and which are over. */
export class PassageBook {
  readonly #options: Required<PipelineOptions>;
  readonly #byTrack = new Map<number, Passage>();
  readonly #open = new Set<Passage>();
  #count = 0;

  constructor(options: Required<PipelineOptions>) {
    this.#options = options;
  }

  /** The passage of a track, begun when there is none yet. */
  take(trackId: number, frame: Frame): Passage {
    const known = this.#byTrack.get(trackId);
    if (known) return known;
    this.#count += 1;
    const passage = new Passage({ passageId: String(this.#count), trackId, frame, options: this.#options });
    this.#byTrack.set(trackId, passage);
    this.#open.add(passage);
    return passage;
  }

  get(trackId: number): Passage | undefined {
    return this.#byTrack.get(trackId);
  }

  /** Marks every passage as out of sight; those seen again say so themselves. */
  beginLook(): void {
    for (const passage of this.#open) passage.present = false;
  }

  /** Passages still open, oldest first. */
  list(): readonly Passage[] {
    return [...this.#open];
  }

  /** Joins passages that are one vehicle; the older one goes on. */
  merge(): void {
    for (const younger of this.#open) {
      for (const older of this.#open) {
        if (older === younger) break;
        if (!isOneVehicle(older, younger)) continue;
        older.absorb(younger);
        this.#open.delete(younger);
        for (const [trackId, passage] of this.#byTrack) if (passage === younger) this.#byTrack.set(trackId, older);
        break;
      }
    }
  }

  /** Ends passages that have been out of sight for long enough at `time` (milliseconds of the stream), or all with `Infinity`. */
  finish(time: number): Ended {
    const { mergeGapMs, stationaryGapMs } = this.#options.passage;
    const sightings: Sighting[] = [];
    const lost: LostPassage[] = [];
    for (const passage of this.#open) {
      const gap = passage.isStanding ? stationaryGapMs : mergeGapMs;
      if (time !== Infinity && (passage.present || time - passage.lastTime <= gap)) continue;
      this.#forget(passage);
      const final = passage.takeFinal();
      if (final) sightings.push(final);
      else if (passage.hits >= this.#options.passage.minHits)
        lost.push({ trackId: passage.trackId, reason: passage.lossReason });
    }
    return { sightings, lost };
  }

  #forget(passage: Passage): void {
    this.#open.delete(passage);
    for (const [trackId, known] of this.#byTrack) if (known === passage) this.#byTrack.delete(trackId);
  }
}

/**
 * The same text in one camera within the gap is one vehicle. While both are in sight only equal texts count (a text may be
 * written twice on one vehicle), or nearly equal ones on the same spot (a doubled track).
 */
function isOneVehicle(older: Passage, younger: Passage): boolean {
  const a = older.fused?.text ?? '';
  const b = younger.fused?.text ?? '';
  if (!isSamePlate(a, b)) return false;
  if (!(older.present && younger.present)) return true;
  if (a === b) return true;
  return (
    older.lastBox !== undefined && younger.lastBox !== undefined && measureIou(older.lastBox, younger.lastBox) > 0.3
  );
}
