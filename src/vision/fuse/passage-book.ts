import type { Frame } from '../frame.ts';
import { measureIou } from '../geometry.ts';
import type { PipelineOptions } from '../options/pipeline.ts';
import { isSamePlate, mayBeSamePlate } from './align.ts';
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

  /** Remembers which passages were in sight together on different spots: those are different vehicles. */
  endLook(): void {
    const present = this.list().filter((passage) => passage.present);
    for (const [index, a] of present.entries()) {
      for (const b of present.slice(index + 1)) {
        if (isOnSameSpot(a, b)) continue;
        a.companions.add(b);
        b.companions.add(a);
      }
    }
  }

  /** Passages still open, oldest first. */
  list(): readonly Passage[] {
    return [...this.#open];
  }

  /** Joins passages that are one vehicle; the older one goes on, unless only the younger is known outside already. */
  merge(): void {
    for (const younger of this.#open) {
      for (const older of this.#open) {
        if (older === younger) break;
        // Two that are both known outside stay two: neither can be taken back.
        if ((older.wasPublished && younger.wasPublished) || !isOneVehicle(older, younger)) continue;
        this.#join(younger.wasPublished ? [younger, older] : [older, younger]);
        break;
      }
    }
  }

  /** New provisionals. One that may turn out to be a vehicle already published, and just out of sight, waits. */
  takeProvisionals(): Sighting[] {
    return this.list().flatMap((passage) => (this.#mustWait(passage) ? [] : (passage.takeProvisional() ?? [])));
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
      else if (this.#wasVehicle(passage)) lost.push({ trackId: passage.trackId, reason: passage.lossReason });
    }
    return { sightings, lost };
  }

  #wasVehicle({ hits, topScore }: Passage): boolean {
    const { minHits, lostMinScore } = this.#options.passage;
    return hits >= minHits && topScore >= lostMinScore;
  }

  #join([kept, dropped]: readonly [Passage, Passage]): void {
    kept.absorb(dropped);
    for (const companion of dropped.companions) {
      companion.companions.delete(dropped);
      if (companion === kept) continue;
      companion.companions.add(kept);
      kept.companions.add(companion);
    }
    this.#open.delete(dropped);
    for (const [trackId, passage] of this.#byTrack) if (passage === dropped) this.#byTrack.set(trackId, kept);
  }

  #mustWait(passage: Passage): boolean {
    if (passage.wasPublished) return false;
    const text = passage.fused?.text ?? '';
    return this.list().some(
      (other) =>
        other !== passage &&
        other.wasPublished &&
        (!other.present || isOnSameSpot(other, passage)) &&
        mayBeSamePlate(other.fused?.text ?? '', text),
    );
  }

  #forget(passage: Passage): void {
    this.#open.delete(passage);
    for (const companion of passage.companions) companion.companions.delete(passage);
    for (const [trackId, known] of this.#byTrack) if (known === passage) this.#byTrack.delete(trackId);
  }
}

/**
 * Equal texts in one camera within the gap are one vehicle (a text may be written on it twice). Nearly equal ones are, unless both
 * were once in sight together on different spots.
 */
function isOneVehicle(older: Passage, younger: Passage): boolean {
  const a = older.fused?.text ?? '';
  const b = younger.fused?.text ?? '';
  if (!isSamePlate(a, b)) return false;
  return a === b || !older.companions.has(younger);
}

function isOnSameSpot(a: Passage, b: Passage): boolean {
  return a.lastBox !== undefined && b.lastBox !== undefined && measureIou(a.lastBox, b.lastBox) > 0.3;
}
