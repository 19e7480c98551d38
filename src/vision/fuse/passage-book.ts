import type { Frame } from '../frame.ts';
import { measureIou } from '../geometry.ts';
import type { Light } from '../light.ts';
import type { PipelineOptions } from '../options/pipeline.ts';
import type { Reading } from '../read/reading.ts';
import { isSamePlate, mayBeSamePlate } from './align.ts';
import { areTwoVehicles, CLEAR, countContradictions } from './contradiction.ts';
import { Passage } from './passage.ts';
import type { PlateLook } from './plate-look.ts';
import { isLettering, noteRiders } from './riders.ts';
import type { BestLook, RejectReason, Sighting } from './sighting.ts';
import type { Sight } from './whereabouts.ts';

/** A passage that ended without a text worth sending. */
export type LostPassage = Readonly<{
  trackId: number;
  reason: RejectReason;
  light: Light;
  /** Its best look, if it was looked at closely at all. */
  look: BestLook | undefined;
}>;

/** What ended: finals, and passages that gave none. */
export type Ended = Readonly<{ sightings: readonly Sighting[]; lost: readonly LostPassage[] }>;

/** What the first looks of a camera find was there before, milliseconds. */
const BEGIN_MS = 1000;

/** The open passages of one camera: which track belongs to which, which of them are one vehicle, and which are over. */
export class PassageBook {
  readonly #options: Required<PipelineOptions>;
  readonly #byTrack = new Map<number, Passage>();
  readonly #open = new Set<Passage>();
  #count = 0;
  #startedAt: number | undefined;

  constructor(options: Required<PipelineOptions>) {
    this.#options = options;
  }

  /** The passage of a track, begun when there is none yet. */
  take(trackId: number, frame: Frame): Passage {
    const known = this.#byTrack.get(trackId);
    if (known) return known;
    const passage = this.#begin(trackId, frame.cameraId, frame);
    passage.wasThereFirst = frame.mediaTime - (this.#startedAt ?? frame.mediaTime) <= BEGIN_MS;
    return passage;
  }

  get(trackId: number): Passage | undefined {
    return this.#byTrack.get(trackId);
  }

  /** A look at `time` begins: marks every passage as out of sight; those seen again say so themselves. */
  beginLook(time: number): void {
    this.#startedAt ??= time;
    for (const passage of this.#open) passage.leave();
  }

  /** Remembers which passages were in sight together on different spots: those are different vehicles. */
  endLook(): void {
    const present = this.list().filter((passage) => passage.present);
    for (const [index, a] of present.entries()) {
      for (const b of present.slice(index + 1)) {
        if (isOnSameSpot(a, b)) continue;
        a.companions.add(b);
        b.companions.add(a);
        noteRiders(a, b);
      }
    }
  }

  /** Passages still open, oldest first. */
  list(): readonly Passage[] {
    return [...this.#open];
  }

  /**
   * The passage that a reading of a track belongs to: the track's own or, where the text contradicts it, that of another vehicle
   * which has taken the track over. That one stays in doubt until more looks tell: see {@link decide}.
   */
  assign(passage: Passage, { frame, isWhole }: PlateLook, reading: Reading): Passage {
    const { forerunner } = passage;
    // Of a part of a plate nothing follows.
    if (!isWhole) return passage;
    if (forerunner) {
      if (countContradictions(textOf(forerunner), reading.text) > 0) return passage;
      this.#join([forerunner, passage]);
      return forerunner;
    }
    const count = countContradictions(textOf(passage), reading.text);
    if (!this.#maySplit(passage, reading, count)) {
      passage.settle(count === 0 || !passage.speaks);
      return passage;
    }
    const { isBroken } = passage;
    const sights = passage.giveBack();
    const next = this.#begin(passage.trackId, frame.cameraId, sights[0] ?? frame);
    next.takeSights(sights);
    next.forerunner = passage;
    next.brokeAway = isBroken;
    return next;
  }

  /** Whether a passage that took over a track is another vehicle: told at the latest when it was read as often as any is. */
  decide(passage: Passage): void {
    const { forerunner } = passage;
    if (!forerunner) return;
    if (areTwoVehicles(forerunner.witness, passage.witness, passage.brokeAway)) {
      passage.forerunner = undefined;
      forerunner.wasReplaced = true;
    } else if (passage.framesRead >= this.#options.passage.minReads) this.#join([forerunner, passage]);
  }

  /** Joins passages that are one vehicle; the older one goes on, unless only the younger is known outside already. */
  merge(): void {
    for (const younger of this.#open) {
      for (const older of this.#open) {
        if (older === younger) break;
        // Two that are both known outside stay two: neither can be taken back.
        if ((older.wasPublished && younger.wasPublished) || !isOneVehicle(older, younger)) continue;
        if (younger.forerunner === older) continue;
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
    for (const passage of this.list()) {
      if (passage.forerunner && this.#isOver(passage, time)) this.#join([passage.forerunner, passage]);
    }
    const sightings: Sighting[] = [];
    const lost: LostPassage[] = [];
    for (const passage of this.#open) {
      if (!this.#isOver(passage, time) || this.list().some(({ forerunner }) => forerunner === passage)) continue;
      this.#forget(passage);
      // What was sent before cannot be taken back.
      if (isLettering(passage) && !passage.wasPublished) continue;
      const final = passage.takeFinal();
      if (final) sightings.push({ ...final, ...passage.shadow.tell(this.#options) });
      else if (this.#wasVehicle(passage)) lost.push(describeLoss(passage));
    }
    return { sightings, lost };
  }

  #begin(trackId: number, cameraId: string, first: Pick<Sight, 'capturedAt' | 'mediaTime'>): Passage {
    this.#count += 1;
    const passage = new Passage({ passageId: String(this.#count), trackId, cameraId, first, options: this.#options });
    this.#byTrack.set(trackId, passage);
    this.#open.add(passage);
    return passage;
  }

  /** Whether a reading may be of another vehicle: both texts say enough, and neither time nor place holds them together. */
  #maySplit(passage: Passage, reading: Reading, count: number): boolean {
    const { finalConfidence, minLength } = this.#options.passage;
    if (count === 0 || reading.text.length < minLength || !passage.speaks) return false;
    if (passage.isBroken) return reading.confidence >= finalConfidence;
    return areTwoVehicles(passage.witness, reading, false);
  }

  #isOver(passage: Passage, time: number): boolean {
    if (time === Infinity) return true;
    const { mergeGapMs, stationaryGapMs, hiddenGapMs } = this.#options.passage;
    const waited = time - passage.lastTime;
    if (passage.present || waited <= mergeGapMs) return false;
    if (passage.wasReplaced) return true;
    if (passage.isStanding) return waited > stationaryGapMs;
    const mayReturn = (passage.isGood || passage.wasPublished) && passage.isHidden(waited);
    return waited > (mayReturn ? hiddenGapMs : 0);
  }

  #wasVehicle({ hits, topScore }: Passage): boolean {
    const { minHits, lostMinScore } = this.#options.passage;
    return hits >= minHits && topScore >= lostMinScore;
  }

  #join([kept, dropped]: readonly [Passage, Passage]): void {
    kept.absorb(dropped);
    kept.shadow.absorb(dropped.shadow);
    for (const companion of dropped.companions) {
      companion.companions.delete(dropped);
      if (companion === kept) continue;
      companion.companions.add(kept);
      kept.companions.add(companion);
    }
    this.#open.delete(dropped);
    for (const passage of this.#open) {
      if (passage.forerunner === dropped) passage.forerunner = passage === kept ? dropped.forerunner : kept;
    }
    for (const [trackId, passage] of this.#byTrack) if (passage === dropped) this.#byTrack.set(trackId, kept);
  }

  #mustWait(passage: Passage): boolean {
    if (passage.wasPublished) return false;
    if (isLettering(passage)) return true;
    const text = passage.fused?.text ?? '';
    return this.list().some(
      (other) =>
        other !== passage &&
        other.wasPublished &&
        (!other.present || isOnSameSpot(other, passage)) &&
        !areClearlyTwo(other, passage) &&
        mayBeSamePlate(other.fused?.text ?? '', text),
    );
  }

  #forget(passage: Passage): void {
    this.#open.delete(passage);
    passage.shadow.end();
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
  return a === b || !(older.companions.has(younger) || areTwoVehicles(older.witness, younger.witness, true));
}

/** Whether two texts are so sure and so unlike that more looks will not make them one. */
function areClearlyTwo(a: Passage, b: Passage): boolean {
  return countContradictions(textOf(a), textOf(b)) >= CLEAR && areTwoVehicles(a.witness, b.witness, true);
}

function describeLoss({ trackId, lossReason: reason, lostLook: look, light }: Passage): LostPassage {
  return { trackId, reason, light: light.light, look };
}

function textOf({ fused }: Passage): string {
  return fused?.text ?? '';
}

function isOnSameSpot(a: Passage, b: Passage): boolean {
  return a.lastBox !== undefined && b.lastBox !== undefined && measureIou(a.lastBox, b.lastBox) > 0.3;
}
