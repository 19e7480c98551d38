import type { Box, Quad } from '../box.ts';
import type { Detection } from '../detection.ts';
import type { Frame } from '../frame.ts';
import type { PipelineOptions } from '../options/pipeline.ts';
import type { Legibility } from '../read/legibility.ts';
import type { Reading } from '../read/reading.ts';
import { type FusedReading, fuseReadings, listTexts } from './fuse-readings.ts';
import { MotionPath } from './motion-path.ts';
import type { BestLook, RejectReason, Sighting } from './sighting.ts';
import { VehicleVotes } from './vehicle-votes.ts';
import { type WeightedReading, weighReading } from './weight.ts';

/** One look at a plate of a passage, before or after it was read. */
export type PlateLook = Readonly<{
  frame: Frame;
  box: Box;
  corners: Quad;
  /** The vehicle around the plate. */
  vehicle?: Detection | undefined;
  detectionScore: number;
  legibility: Legibility;
  /** What the look promises, 0–1 (see `weight.ts`). */
  quality: number;
}>;

type Held = Readonly<{ look: BestLook; texts: ReadonlySet<string>; weight: number }>;
type Begin = Readonly<{ passageId: string; trackId: number; frame: Frame; options: Required<PipelineOptions> }>;

/** Readings kept for the fusion; beyond them the least weighty goes. */
const MOST_READINGS = 24;

/** One vehicle's way past the camera: everything that is known of it so far. Holds at most one full picture. */
export class Passage {
  readonly passageId: string;
  readonly trackId: number;
  readonly #cameraId: string;
  readonly #options: Required<PipelineOptions>;
  readonly #path: MotionPath;
  readonly #rejected = new Map<RejectReason, number>();
  readonly #textCounts = new Map<string, number>();
  readonly #textWeights = new Map<string, number>();
  readonly #vehicle = new VehicleVotes();
  #looks: WeightedReading[] = [];
  #best: Held | undefined;
  #fused: FusedReading | undefined;
  #firstSeenAt: number;
  #firstTime: number;
  #lastSeenAt: number;
  #framesRead = 0;
  #timings = { detectMs: 0, readMs: 0 };
  #published: Readonly<{ text: string; confidence: number }> | undefined;
  #revision = 0;
  /** Whether the newest look of the camera still saw the plate. */
  present = true;
  /** Milliseconds of the stream. */
  lastTime: number;
  lastReadTime = Number.NEGATIVE_INFINITY;
  /** Looks that were handed to the reader, and the most that one of them promised. */
  attempts = 0;
  bestQuality = 0;
  /** Best detector score so far. */
  topScore = 0;
  lastBox: Box | undefined;
  hits = 0;
  /** Passages that were in sight at the same time, on another spot. */
  readonly companions = new Set<Passage>();

  constructor({ passageId, trackId, frame, options }: Begin) {
    this.passageId = passageId;
    this.trackId = trackId;
    this.#cameraId = frame.cameraId;
    this.#options = options;
    this.#path = new MotionPath(options.passage.stationaryAfterMs);
    this.#firstSeenAt = frame.capturedAt;
    this.#lastSeenAt = frame.capturedAt;
    this.#firstTime = frame.mediaTime;
    this.lastTime = frame.mediaTime;
  }

  /** The plate was found in a frame, on a vehicle if there is one around it. */
  see(frame: Frame, { box, score }: Detection, vehicle?: Detection): void {
    this.present = true;
    this.topScore = Math.max(this.topScore, score);
    this.hits += 1;
    this.lastTime = frame.mediaTime;
    this.#lastSeenAt = frame.capturedAt;
    this.lastBox = box;
    this.#path.add(box, frame.mediaTime);
    if (vehicle) this.#vehicle.add(vehicle);
  }

  /** A look was not used. */
  reject(reason: RejectReason): void {
    addTo(this.#rejected, reason, 1);
  }

  addTime(detectMs: number, readMs: number): void {
    this.#timings = { detectMs: this.#timings.detectMs + detectMs, readMs: this.#timings.readMs + readMs };
  }

  /** A look is handed to the reader. */
  attempt({ frame, quality }: PlateLook): void {
    this.attempts += 1;
    this.bestQuality = Math.max(this.bestQuality, quality);
    this.lastReadTime = frame.mediaTime;
  }

  /** A look was read: fuses again and keeps its picture when it is the best so far. */
  addReading(look: PlateLook, reading: Reading): void {
    const weight = weighReading(look.quality, reading, this.#options.fusion);
    this.#keep([{ reading, weight }]);
    this.#framesRead += 1;
    const texts = listTexts(reading);
    for (const text of texts) {
      addTo(this.#textCounts, text, 1);
      addTo(this.#textWeights, text, weight);
    }
    this.#fused = fuseReadings(this.#looks, this.#options.fusion, this.#options);
    this.#prefer({ look: toBestLook(look, reading), texts, weight });
  }

  get fused(): FusedReading | undefined {
    return this.#fused;
  }

  get framesRead(): number {
    return this.#framesRead;
  }

  /** Readings that read exactly the fused text. */
  get agreeing(): number {
    return this.#textCounts.get(this.#fused?.text ?? '') ?? 0;
  }

  /** Whether the picture held is of a frame whose own reading equals the fused text. */
  get bestMatches(): boolean {
    return this.#best?.texts.has(this.#fused?.text ?? '') ?? false;
  }

  get isStanding(): boolean {
    return this.#path.isStanding;
  }

  get wasPublished(): boolean {
    return this.#published !== undefined;
  }

  /** The commonest reason why looks were not used, without those that were only superfluous. */
  get lossReason(): RejectReason {
    const reasons = [...this.#rejected].filter(([reason]) => reason !== 'throttled' && reason !== 'outvoted');
    return reasons.sort(([a, p], [b, q]) => q - p || (a < b ? -1 : 1))[0]?.[0] ?? 'low_score';
  }

  /** Takes over what another passage of the same vehicle knows. */
  absorb(other: Passage): void {
    // Once it is known outside the beginning of a passage never changes: events are stored by it.
    if (!this.wasPublished && other.#firstTime < this.#firstTime) {
      this.#firstSeenAt = other.#firstSeenAt;
      this.#firstTime = other.#firstTime;
    }
    this.#path.absorb(other.#path);
    this.#vehicle.absorb(other.#vehicle);
    if (other.lastTime >= this.lastTime) this.#takeNewest(other);
    this.present ||= other.present;
    this.hits += other.hits;
    this.attempts += other.attempts;
    this.bestQuality = Math.max(this.bestQuality, other.bestQuality);
    this.topScore = Math.max(this.topScore, other.topScore);
    this.#framesRead += other.#framesRead;
    this.lastReadTime = Math.max(this.lastReadTime, other.lastReadTime);
    for (const [reason, count] of other.#rejected) addTo(this.#rejected, reason, count);
    for (const [text, count] of other.#textCounts) addTo(this.#textCounts, text, count);
    for (const [text, weight] of other.#textWeights) addTo(this.#textWeights, text, weight);
    this.addTime(other.#timings.detectMs, other.#timings.readMs);
    this.#keep(other.#looks);
    this.#fused = fuseReadings(this.#looks, this.#options.fusion, this.#options);
    if (other.#best) this.#prefer(other.#best);
  }

  /** The next provisional, when the text is sure enough and says something new; else undefined. */
  takeProvisional(): Sighting | undefined {
    const fused = this.#fused;
    const { provisionalConfidence, republishGain, minLength } = this.#options.passage;
    if (!fused || fused.text.length < minLength || fused.confidence < provisionalConfidence || !this.hasEvidence())
      return undefined;
    const old = this.#published;
    if (old && old.text === fused.text && fused.confidence < old.confidence + republishGain) return undefined;
    this.#published = { text: fused.text, confidence: fused.confidence };
    return this.#describe('provisional', fused);
  }

  /** The final Sighting, or undefined when the evidence is too thin and nothing was published. */
  takeFinal(): Sighting | undefined {
    const fused = this.#fused;
    const { finalConfidence, minLength } = this.#options.passage;
    if (!fused) return undefined;
    const good = fused.text.length >= minLength && fused.confidence >= finalConfidence && this.hasEvidence();
    return good || this.wasPublished ? this.#describe('final', fused) : undefined;
  }

  /** Whether enough frames and readings stand behind the text. */
  hasEvidence(): boolean {
    const { minHits, minAgreeing, loneConfidence, minEvidence } = this.#options.passage;
    const text = this.#fused?.text ?? '';
    if (this.hits < minHits || (this.#textWeights.get(text) ?? 0) < minEvidence) return false;
    return this.agreeing >= minAgreeing || (this.#fused?.confidence ?? 0) >= loneConfidence;
  }

  #takeNewest(other: Passage): void {
    this.lastTime = other.lastTime;
    this.#lastSeenAt = other.#lastSeenAt;
    this.lastBox = other.lastBox;
  }

  #keep(looks: readonly WeightedReading[]): void {
    this.#looks.push(...looks);
    while (this.#looks.length > MOST_READINGS) {
      const least = this.#looks.reduce(
        (worst, look, index) => (look.weight < this.#looks[worst].weight ? index : worst),
        0,
      );
      this.#looks.splice(least, 1);
    }
  }

  #prefer(candidate: Held): void {
    const text = this.#fused?.text;
    const rank = (held: Held) => (held.texts.has(text ?? '') ? 1 : 0) + held.weight / 2;
    if (!this.#best || rank(candidate) > rank(this.#best)) this.#best = candidate;
  }

  #describe(status: Sighting['status'], fused: FusedReading): Sighting | undefined {
    if (!this.#best) return undefined;
    this.#revision += 1;
    const outvoted = this.#framesRead - this.agreeing;
    const rejected = Object.fromEntries([
      ...this.#rejected,
      ...(outvoted > 0 ? [['outvoted', outvoted] as const] : []),
    ]);
    return {
      cameraId: this.#cameraId,
      trackId: this.trackId,
      passageId: this.passageId,
      status,
      revision: this.#revision,
      text: fused.text,
      ...(fused.seen === undefined ? {} : { seen: fused.seen }),
      confidence: fused.confidence,
      chars: fused.chars,
      candidates: fused.candidates,
      ...(fused.region ? { region: fused.region } : {}),
      ...(fused.matchesFormat === undefined ? {} : { matchesFormat: fused.matchesFormat }),
      lines: fused.lines,
      ...this.#describeVehicle(this.#best.look),
      framesRead: this.#framesRead,
      readsAgreeing: this.agreeing,
      framesRejected: rejected,
      firstSeenAt: this.#firstSeenAt,
      bestAt: this.#best.look.capturedAt,
      lastSeenAt: this.#lastSeenAt,
      best: this.#best.look,
      path: this.#path.points.map((point) => ({ ...point, t: Math.max(0, point.t - this.#firstTime) })),
      stationary: this.#path.wasStationary,
      timings: this.#timings,
    };
  }

  #describeVehicle({ vehicleBox }: BestLook): Pick<Sighting, 'vehicle'> {
    const vehicle = this.#vehicle.decide();
    if (!vehicle) return {};
    return { vehicle: vehicleBox ? { ...vehicle, box: vehicleBox } : vehicle };
  }
}

function addTo<K>(sums: Map<K, number>, key: K, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function toBestLook(
  { frame, box, corners, vehicle, detectionScore, legibility }: PlateLook,
  { text, confidence }: Reading,
): BestLook {
  const { sequence, capturedAt, image } = frame;
  const place = vehicle ? { vehicleBox: vehicle.box } : {};
  return { sequence, capturedAt, image, box, corners, ...place, text, confidence, detectionScore, ...legibility };
}
