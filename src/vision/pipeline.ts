import type { Quad } from './box.ts';
import type { Detector } from './detect/detector.ts';
import { findVehicle } from './detect/find-vehicle.ts';
import type { Detection } from './detection.ts';
import type { Frame } from './frame.ts';
import type { Passage } from './fuse/passage.ts';
import { type Ended, type LostPassage, PassageBook } from './fuse/passage-book.ts';
import type { PlateLook } from './fuse/plate-look.ts';
import { findRejection } from './fuse/read-policy.ts';
import type { ShadowReader } from './fuse/shadow.ts';
import type { Sighting, SightingModels } from './fuse/sighting.ts';
import { type Unplated, VehicleBook } from './fuse/vehicle-book.ts';
import type { Voice } from './fuse/voice.ts';
import { cutLook, findFault, rateLook } from './fuse/weight.ts';
import { toQuad } from './geometry.ts';
import { isMasked, type Polygon } from './ignore-mask.ts';
import type { RgbImage } from './image.ts';
import { type Brightness, measureBrightness } from './light.ts';
import { MotionGate } from './motion-gate.ts';
import { completeOptions, type PartialPipelineOptions, type PipelineOptions } from './options/pipeline.ts';
import { measureCharHeight, measureLegibility } from './read/legibility.ts';
import type { Reader } from './read/reader.ts';
import type { Reading } from './read/reading.ts';
import { isWhole, saysWhole } from './read/wholeness.ts';
import { ByteTracker } from './track/byte-track.ts';
import type { Track } from './track/track.ts';

/** A plate in sight, for drawing over the picture; `text` is empty until it was read. */
export type PlateOverlay = Readonly<{ id: number; track: Track; corners: Quad; text: string; confidence: number }>;

/** Milliseconds spent on one frame. */
export type StageTimings = Readonly<{ detectMs: number; trackMs: number; readMs: number; fuseMs: number }>;

/** What one frame brought. */
export type Observation = Readonly<{
  /** Nothing moved, and the detector was not run. */
  gated: boolean;
  detections: readonly Detection[];
  tracks: readonly PlateOverlay[];
  /** New provisional revisions, and finals of passages that are over. */
  sightings: readonly Sighting[];
  /** Passages that ended without a readable text. */
  lost: readonly LostPassage[];
  /** Vehicles that have gone without any plate seen. */
  unplated: readonly Unplated[];
  timings: StageTimings;
}>;

/** The networks that one frame goes through, and their names where they have some. */
export type Networks = Readonly<{
  detector: Detector;
  reader: Reader;
  models?: SightingModels;
  /** The frame is done with them. */
  giveBack?(): void;
}>;

/** What a camera's pipeline is made of; `now` measures durations only (default: the runtime's monotonic clock). */
export type PipelineParts = Readonly<{
  cameraId: string;
  /** The networks of the next frame: others may take their place between two frames, whatever passages are open. */
  borrow: () => Networks;
  options?: PartialPipelineOptions;
  /** Areas of the picture in which no plate is looked at. */
  ignore?: readonly Polygon[];
  now?: () => number;
  /** Who reads the same looks beside the reader at this moment, if anyone does. */
  shadow?: () => ShadowReader | undefined;
}>;

/** Share of the detector's own threshold at which a plate is followed: a false track costs a few reads, a missed one a passage. */
const BEGIN_SHARE = 0.75;

/** What turns the frames of one camera into Sightings. */
export interface Pipeline {
  /** Takes the next frame; each is awaited before the next. */
  observe(frame: Frame): Promise<Observation>;
  /** The stream is over, and so are all open passages. The pipeline must not be used afterwards. */
  end(): Promise<Ended>;
}

type Found = Readonly<{
  frame: Frame;
  tracks: readonly Track[];
  detections: readonly Detection[];
  networks: Networks;
}>;
type ChosenLook = Readonly<{ passage: Passage; look: PlateLook; plate: RgbImage; wordsKnown: boolean }>;
type Read = Readonly<{ passage: Passage; look: PlateLook; reading: Reading; voice: Voice }>;

/**
 * From the frames of one camera to its Sightings: gate, detector, tracker, reader, fusion. Exactly one passage for each vehicle
 * that goes by. Frames are handed over one after another, each awaited; nothing is shared between instances.
 */
export class CameraPipeline implements Pipeline {
  readonly cameraId: string;
  readonly #borrow: PipelineParts['borrow'];
  /** Where the options say from which score a plate is followed. */
  readonly #followScore: number | undefined;
  readonly #options: Required<PipelineOptions>;
  readonly #ignore: readonly Polygon[];
  readonly #now: () => number;
  readonly #shadow: PipelineParts['shadow'];
  readonly #gate: MotionGate;
  readonly #tracker: ByteTracker;
  readonly #book: PassageBook;
  readonly #vehicles: VehicleBook;
  #overlays: readonly PlateOverlay[] = [];
  #newest: Readonly<{ mediaTime: number; capturedAt: number }> | undefined;
  #offset = 0;

  constructor({ cameraId, borrow, options = {}, ignore = [], now, shadow }: PipelineParts) {
    this.cameraId = cameraId;
    this.#borrow = borrow;
    this.#followScore = options.tracker?.highScore;
    this.#options = completeOptions(options);
    this.#ignore = ignore;
    this.#now = now ?? (() => performance.now());
    this.#shadow = shadow;
    this.#gate = new MotionGate(this.#options.gate);
    this.#tracker = new ByteTracker(this.#options.tracker);
    this.#book = new PassageBook(this.#options);
    this.#vehicles = new VehicleBook(this.#options.passage.minCharHeightPx);
  }

  /** Takes the next frame of the camera. */
  async observe(taken: Frame): Promise<Observation> {
    const frame = this.#steady(taken);
    const busy = this.#book.list().some((passage) => passage.present && !passage.isStanding);
    if (!this.#gate.decide(frame, busy)) return this.#rest(frame);
    const networks = this.#borrow();
    try {
      return await this.#look(frame, networks);
    } finally {
      networks.giveBack?.();
    }
  }

  async #look(frame: Frame, networks: Networks): Promise<Observation> {
    const { detector, reader } = networks;
    const started = this.#now();
    const found = await detector.detect(frame);
    const isSeen = ({ class: name, box }: Detection) => name !== 'plate' || !isMasked(box, frame.image, this.#ignore);
    const detections = found.filter(isSeen);
    const detected = this.#now();
    const { tracks, unplated } = this.#follow(frame, detections, BEGIN_SHARE * detector.highScore);
    this.#share(tracks, detected - started);
    const tracked = this.#now();
    const looks = this.#chooseLooks({ frame, tracks, detections, networks });
    const readings =
      looks.length > 0
        ? await reader.read(
            looks.map(({ look, plate, wordsKnown }) => ({ ...look, image: frame.image, plate, wordsKnown })),
          )
        : [];
    const read = this.#now();
    const voice = { model: networks.models?.reader, curve: reader.passageCurve, regions: reader.regions };
    for (const [index, { passage, look }] of looks.entries()) {
      passage.addTime(0, (read - tracked) / looks.length);
      this.#note({ passage, look, reading: readings[index], voice });
    }
    this.#book.merge();
    const provisionals = this.#book.takeProvisionals();
    const { sightings, lost } = this.#book.finish(frame.mediaTime);
    this.#overlays = this.#draw(tracks);
    const timings = {
      detectMs: detected - started,
      trackMs: tracked - detected,
      readMs: read - tracked,
      fuseMs: this.#now() - read,
    };
    return {
      gated: false,
      detections,
      tracks: this.#overlays,
      sightings: [...provisionals, ...sightings],
      lost,
      unplated,
      timings,
    };
  }

  /** The stream is over, and so are all open passages. The pipeline must not be used afterwards. */
  async end(): Promise<Ended> {
    return this.#book.finish(Infinity);
  }

  /** A stream that began anew counts its time from zero again; here time only goes forward, by the clock across the break. */
  #steady(frame: Frame): Frame {
    const newest = this.#newest;
    if (newest && frame.mediaTime + this.#offset < newest.mediaTime) {
      this.#offset = newest.mediaTime - frame.mediaTime + Math.max(1, frame.capturedAt - newest.capturedAt);
    }
    const steady = { ...frame, mediaTime: frame.mediaTime + this.#offset };
    this.#newest = { mediaTime: steady.mediaTime, capturedAt: frame.capturedAt };
    return steady;
  }

  #rest(frame: Frame): Observation {
    const { sightings, lost } = this.#book.finish(frame.mediaTime);
    const timings = { detectMs: 0, trackMs: 0, readMs: 0, fuseMs: 0 };
    return { gated: true, detections: [], tracks: this.#overlays, sightings, lost, unplated: [], timings };
  }

  #follow(
    frame: Frame,
    detections: readonly Detection[],
    beginScore: number,
  ): Readonly<{ tracks: readonly Track[]; unplated: readonly Unplated[] }> {
    const plates = detections.filter((detection) => detection.class === 'plate');
    const instant = { sequence: frame.sequence, time: frame.mediaTime };
    const { tracked } = this.#tracker.update(plates, instant, this.#followScore ?? beginScore);
    this.#book.beginLook(frame.mediaTime);
    let measured: Brightness | undefined;
    const brightness = () => {
      measured ??= measureBrightness(frame.image);
      return measured;
    };
    for (const { id, detection } of tracked) {
      const passage = this.#book.take(id, frame);
      passage.see(frame, detection, findVehicle(detection.box, detections));
      passage.light.add(brightness());
    }
    this.#book.endLook();
    const vehicles = detections.filter(
      ({ class: name, box }) => name !== 'plate' && !isMasked(box, frame.image, this.#ignore),
    );
    return { tracks: tracked, unplated: this.#vehicles.follow(frame, vehicles, tracked, brightness) };
  }

  #share(tracks: readonly Track[], detectMs: number): void {
    for (const { id } of tracks) this.#book.get(id)?.addTime(detectMs / tracks.length, 0);
  }

  #chooseLooks({ frame, tracks, detections, networks: { reader, models } }: Found): ChosenLook[] {
    const { passage: rules, fusion } = this.#options;
    const chosen: ChosenLook[] = [];
    for (const { id, detection } of tracks.toSorted((a, b) => b.detection.score - a.detection.score || a.id - b.id)) {
      const passage = this.#book.get(id);
      if (!passage) continue;
      const corners = detection.corners ?? toQuad(detection.box);
      const plate = reader.rectify(frame.image, corners);
      const legibility = measureLegibility(plate, corners);
      const vehicle = findVehicle(detection.box, detections);
      const place = { box: detection.box, corners, isWhole: isWhole(frame.image, detection.box, corners) };
      const seen = { frame, ...place, vehicle, detectionScore: detection.score, legibility, models };
      const look = { ...seen, quality: rateLook(seen, fusion) };
      const reason = chosen.length < rules.maxReadsPerFrame ? findRejection(passage, look, rules) : 'throttled';
      if (reason) passage.reject(reason, look);
      else {
        const wordsKnown = isAlike(look.quality, passage.bestQuality);
        passage.attempt(look);
        chosen.push({ passage, look, plate, wordsKnown });
      }
    }
    return chosen;
  }

  #note({ passage, look, reading, voice }: Read): void {
    const fault = findFault(reading, this.#options.passage);
    if (fault) passage.reject(fault, look);
    const owner = fault ? passage : this.#addReading({ passage, look, reading, voice });
    const shadow = this.#shadow?.();
    // Where it is the reader itself there is nothing to compare.
    owner.shadow.offer(shadow?.model === voice.model ? undefined : shadow, look);
  }

  #addReading({ passage, look, reading, voice }: Read): Passage {
    const charHeightPx = measureCharHeight(look.corners, reading.lines ?? 1);
    const seen = saysWhole(reading) ? look : cutLook(look);
    const owner = this.#book.assign(passage, seen, reading);
    owner.addReading({ ...seen, legibility: { ...look.legibility, charHeightPx } }, reading, voice);
    this.#book.decide(owner);
    return owner;
  }

  #draw(tracks: readonly Track[]): PlateOverlay[] {
    return tracks.map((track) => {
      const fused = this.#book.get(track.id)?.fused;
      const corners = track.detection.corners ?? toQuad(track.detection.box);
      return { id: track.id, track, corners, text: fused?.text ?? '', confidence: fused?.confidence ?? 0 };
    });
  }
}

/** Looks of one step of quality show the words of a plate about alike: words are read again in the next one. */
const STEP = 1.5;

function isAlike(quality: number, best: number): boolean {
  const step = (value: number) => Math.floor(Math.log(value) / Math.log(STEP));
  return best > 0 && step(quality) <= step(best);
}
