import type { Box } from '../box.ts';
import type { Detection } from '../detection.ts';
import type { Frame } from '../frame.ts';
import { LightMeter } from '../light.ts';
import type { PipelineOptions } from '../options/pipeline.ts';
import type { Reading } from '../read/reading.ts';
import { CUT_TRUST } from '../read/wholeness.ts';
import type { Witness } from './contradiction.ts';
import { type FusedReading, fuseReadings, listTexts } from './fuse-readings.ts';
import type { PathPoint } from './motion-path.ts';
import { chooseGlimpse, type PlateLook, toBestLook } from './plate-look.ts';
import { ShadowLooks } from './shadow.ts';
import type { BestLook, RejectReason, Sighting } from './sighting.ts';
import { findVoice, nameModels, type Voice } from './voice.ts';
import { type WeightedReading, weighReading } from './weight.ts';
import { type Sight, toSight, Whereabouts } from './whereabouts.ts';

type Held = Readonly<{ look: BestLook; texts: ReadonlySet<string>; weight: number }>;
type Begin = Readonly<{
  passageId: string;
  trackId: number;
  cameraId: string;
  /** When it was seen first. */
  first: Pick<Sight, 'capturedAt' | 'mediaTime'>;
  options: Required<PipelineOptions>;
}>;

/** Readings kept for the fusion; beyond them the least weighty goes. */
const MOST_READINGS = 24;
/** Readings that tell whether a track has gone over to another vehicle, and sights that wait for them. */
const DOUBTS = 3;
const MOST_DOUBTFUL = 30;

/** One vehicle's way past the camera: everything that is known of it so far. Holds at most one full picture. */
export class Passage {
  readonly passageId: string;
  readonly trackId: number;
  readonly #cameraId: string;
  readonly #options: Required<PipelineOptions>;
  readonly #rejected = new Map<RejectReason, number>();
  readonly #textCounts = new Map<string, number>();
  readonly #textWeights = new Map<string, number>();
  #where: Whereabouts;
  /** Where it was before the newest sights, which may turn out to be of another vehicle. */
  #sure: Whereabouts;
  #doubtful: Sight[] = [];
  /** Looks at a plate that may be another that are still to be read. */
  #doubts = 0;
  #wasAbsent = false;
  #looks: WeightedReading[] = [];
  #best: Held | undefined;
  /** The best look of those that said nothing, as long as none has said anything. */
  #glimpse: PlateLook | undefined;
  #fused: FusedReading | undefined;
  #voice: Voice | undefined;
  #framesRead = 0;
  #timings = { detectMs: 0, readMs: 0 };
  #published: Readonly<{ text: string; confidence: number }> | undefined;
  #revision = 0;
  /** Whether the newest look of the camera still saw the plate. */
  present = true;
  /** The track has gone over to another vehicle. */
  wasReplaced = false;
  /** The passage that had the track before, as long as it may be the same vehicle; and whether the track broke between them. */
  forerunner: Passage | undefined;
  brokeAway = false;
  /** It was there when the camera began. */
  wasThereFirst = false;
  lastReadTime = Number.NEGATIVE_INFINITY;
  /** Looks that were handed to the reader, and the most that one of them promised. */
  attempts = 0;
  bestQuality = 0;
  /** Passages that were in sight at the same time, on another spot. */
  readonly companions = new Set<Passage>();
  /** In how many looks others were on the vehicle of this one. */
  readonly riders = new Map<Passage, number>();
  readonly light = new LightMeter();
  readonly shadow = new ShadowLooks();

  constructor({ passageId, trackId, cameraId, first, options }: Begin) {
    this.passageId = passageId;
    this.trackId = trackId;
    this.#cameraId = cameraId;
    this.#options = options;
    this.#where = new Whereabouts(first, options.passage.stationaryAfterMs);
    this.#sure = this.#where;
  }

  /** A new look of the camera begins: whoever is seen again says so. */
  leave(): void {
    this.#wasAbsent = !this.present;
    this.present = false;
  }

  /** The plate was found in a frame, on a vehicle if there is one around it. */
  see(frame: Frame, detection: Detection, vehicle?: Detection): void {
    const sight = toSight(frame, detection, vehicle);
    if (this.#doubts === 0 || this.#doubtful.length >= MOST_DOUBTFUL) {
      this.#sure = this.#where.copy();
      this.#doubtful = [];
    }
    if (this.#where.isBrokenBy(sight, this.#wasAbsent)) this.#doubts = DOUBTS;
    this.#add(sight);
  }

  /** Gives back the sights that belong to another vehicle: those since the track broke, or else the newest. */
  giveBack(): readonly Sight[] {
    const sights = this.#doubtful;
    this.#where = this.#sure;
    this.#doubtful = [];
    this.#doubts = 0;
    this.present = false;
    return sights;
  }

  /** Takes over sights that another passage gave back. */
  takeSights(sights: readonly Sight[]): void {
    for (const sight of sights) this.#add(sight);
  }

  /** A reading told whether the track is still on the same plate. */
  settle(agrees: boolean): void {
    this.#doubts = agrees ? 0 : Math.max(0, this.#doubts - 1);
  }

  /** Whether the track may have gone over to another vehicle, which the next reading tells. */
  get isDoubtful(): boolean {
    return this.#doubts > 0;
  }

  /** Whether the newest sight follows the one before it so late that it need not be of the same vehicle. */
  get isBroken(): boolean {
    const { recheckMs } = this.#options.passage;
    return this.isDoubtful || this.#where.lastTime - this.#sure.lastTime >= recheckMs;
  }

  /** A look was not used. */
  reject(reason: RejectReason, look: PlateLook): void {
    addTo(this.#rejected, reason, 1);
    if (!this.#best) this.#glimpse = chooseGlimpse(this.#glimpse, look);
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
  addReading(look: PlateLook, reading: Reading, voice?: Voice): void {
    const weight = weighReading(look.quality, reading, this.#options.fusion);
    this.#keep([{ reading, weight, isCut: !look.isWhole, voice }]);
    this.#framesRead += 1;
    const texts = listTexts(reading);
    for (const text of texts) {
      addTo(this.#textCounts, text, 1);
      addTo(this.#textWeights, text, weight);
    }
    this.#fuse();
    this.#prefer({ look: toBestLook(look, reading), texts, weight });
  }

  get fused(): FusedReading | undefined {
    return this.#fused;
  }

  /** What the passage says of its plate, and the surest look that says it: many doubtful looks may err alike. */
  get witness(): Witness {
    const text = this.#fused?.text ?? '';
    const agreeing = this.#looks.filter(({ reading, isCut }) => !isCut && listTexts(reading).has(text));
    return { text, confidence: Math.max(0, ...agreeing.map(({ reading }) => reading.confidence)) };
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
    return this.#where.path.isStanding;
  }

  /** Milliseconds of the stream. */
  get lastTime(): number {
    return this.#where.lastTime;
  }

  /** The vehicle around the plate when it was seen last. */
  get lastVehicle(): Detection | undefined {
    return this.#where.last?.vehicle;
  }

  get lastBox(): Box | undefined {
    return this.#where.last?.box;
  }

  get hits(): number {
    return this.#where.hits;
  }

  /** Best detector score so far. */
  get topScore(): number {
    return this.#where.topScore;
  }

  /** Whether the plate should still be in the picture after `waited` milliseconds out of sight. */
  isHidden(waited: number): boolean {
    return this.#where.isHidden(waited);
  }

  get wasPublished(): boolean {
    return this.#published !== undefined;
  }

  /** The commonest reason why looks were not used, without those that were only superfluous. */
  get lossReason(): RejectReason {
    const reasons = [...this.#rejected].filter(([reason]) => reason !== 'throttled' && reason !== 'outvoted');
    return reasons.sort(([a, p], [b, q]) => q - p || (a < b ? -1 : 1))[0]?.[0] ?? 'low_score';
  }

  /** The best look of a passage that gave no event. */
  get lostLook(): BestLook | undefined {
    const unread = this.#glimpse && toBestLook(this.#glimpse, { text: '', confidence: 0 });
    return this.#best?.look ?? unread;
  }

  /** Takes over what another passage of the same vehicle knows. */
  absorb(other: Passage): void {
    // Once it is known outside the beginning of a passage never changes: events are stored by it.
    this.#where.absorb(other.#where, this.wasPublished);
    this.#sure = this.#where;
    this.#doubtful = [];
    this.#doubts = 0;
    this.present ||= other.present;
    this.light.absorb(other.light);
    this.wasReplaced &&= !this.present;
    this.attempts += other.attempts;
    this.bestQuality = Math.max(this.bestQuality, other.bestQuality);
    this.#framesRead += other.#framesRead;
    this.lastReadTime = Math.max(this.lastReadTime, other.lastReadTime);
    for (const [rider, looks] of other.riders) addTo(this.riders, rider, looks);
    for (const [reason, count] of other.#rejected) addTo(this.#rejected, reason, count);
    for (const [text, count] of other.#textCounts) addTo(this.#textCounts, text, count);
    for (const [text, weight] of other.#textWeights) addTo(this.#textWeights, text, weight);
    this.addTime(other.#timings.detectMs, other.#timings.readMs);
    this.#keep(other.#looks);
    this.#fuse();
    if (other.#best) this.#prefer(other.#best);
    else if (!this.#best) this.#glimpse = chooseGlimpse(this.#glimpse, other.#glimpse);
  }

  /** Whether it is rather text of the camera's own than a plate. */
  get looksWritten(): boolean {
    return this.wasThereFirst && this.#where.looksWritten;
  }

  /** The next provisional, when the text is sure enough and says something new; else undefined. */
  takeProvisional(): Sighting | undefined {
    if (this.forerunner || this.looksWritten || this.#where.isComingOut) return undefined;
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
    return fused && (this.isGood || this.wasPublished) ? this.#describe('final', fused) : undefined;
  }

  /** Whether it would be an event if it were over. */
  get isGood(): boolean {
    return this.speaks && this.hasEvidence() && !(this.looksWritten && this.isStanding);
  }

  /** Whether its text says enough to be contradicted. */
  get speaks(): boolean {
    const { finalConfidence, minLength } = this.#options.passage;
    const { text = '', confidence = 0, complete = true, hasUnread = false } = this.#fused ?? {};
    // What is trusted little because it is a part of the plate is said all the same.
    const least = complete && !hasUnread ? finalConfidence : CUT_TRUST * finalConfidence;
    return text.length >= minLength && confidence >= least && this.#isAgreed();
  }

  /** Whether enough frames and readings stand behind the text. */
  hasEvidence(): boolean {
    const { minHits, minEvidence } = this.#options.passage;
    const weight = this.#textWeights.get(this.#fused?.text ?? '') ?? 0;
    return this.hits >= minHits && weight >= minEvidence && this.#isAgreed();
  }

  #isAgreed(): boolean {
    const { minAgreeing, loneConfidence } = this.#options.passage;
    return this.agreeing >= minAgreeing || (this.#fused?.confidence ?? 0) >= loneConfidence;
  }

  #add(sight: Sight): void {
    this.present = true;
    this.#where.see(sight);
    this.#doubtful.push(sight);
  }

  /** Calibration and numbering are those of the reader that said most, unless the options name others. */
  #fuse(): void {
    this.#voice = findVoice(this.#looks);
    const { fusion, curve = this.#voice?.curve, regions = this.#voice?.regions } = this.#options;
    this.#fused = fuseReadings(this.#looks, fusion, { curve, regions });
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
    // One full picture is enough.
    this.#glimpse = undefined;
  }

  #describe(status: Sighting['status'], fused: FusedReading): Sighting | undefined {
    if (!this.#best) return undefined;
    this.#revision += 1;
    const where = this.#where;
    const sinceFirst = (points: readonly PathPoint[]) =>
      points.map((point) => ({ ...point, t: Math.max(0, point.t - where.firstTime) }));
    const outvoted = this.#framesRead - this.agreeing;
    const rejected = { ...Object.fromEntries(this.#rejected), ...(outvoted > 0 ? { outvoted } : {}) };
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
      complete: fused.complete,
      ...(fused.hasUnread === undefined ? {} : { hasUnread: fused.hasUnread }),
      ...this.#describeVehicle(this.#best.look),
      framesRead: this.#framesRead,
      readsAgreeing: this.agreeing,
      framesRejected: rejected,
      firstSeenAt: where.firstSeenAt,
      bestAt: this.#best.look.capturedAt,
      lastSeenAt: where.lastSeenAt,
      best: this.#best.look,
      path: sinceFirst(where.path.points),
      way: sinceFirst(where.path.way),
      stationary: where.path.wasStationary,
      light: this.light.light,
      ...nameModels(this.#best.look, this.#voice),
      timings: this.#timings,
    };
  }

  #describeVehicle({ vehicleBox }: BestLook): Pick<Sighting, 'vehicle'> {
    const vehicle = this.#where.vehicle.decide();
    if (!vehicle) return {};
    return { vehicle: vehicleBox ? { ...vehicle, box: vehicleBox } : vehicle };
  }
}

function addTo<K>(sums: Map<K, number>, key: K, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}
