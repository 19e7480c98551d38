import { type ConfidenceCurve, PLAIN_CURVE } from './read/confidence-curve.ts';
import type { RegionKnowledge } from './regions/region-answer.ts';

/** Thresholds of the detector. */
export type DetectorOptions = Readonly<{
  /** Lowest score (0–1) handed on; the tracker uses weak detections to keep tracks alive. Raising it loses plates in rain and dusk. */
  minScore: number;
  /** Score (0–1) from which a detection counts as sure (tracks begin at three quarters of it); the model's own threshold when left out. Raising it means fewer false tracks and more missed plates. */
  highScore?: number;
  /** Overlap (IoU, 0–1) at which the weaker of two boxes is dropped; the model's own when left out. Raising it keeps more double boxes. */
  maxIou?: number;
  /** Lowest score (0–1) at which a vehicle is believed. Raising it leaves more plates without a vehicle and names fewer wrong ones. */
  vehicleScore: number;
  /** Overlap (IoU, 0–1) at which the weaker of two vehicles is dropped. Raising it keeps more double boxes and more vehicles in a queue. */
  vehicleIou: number;
  /** Most plates, and most vehicles, handed on from one picture. Raising it costs reading time in crowded pictures. */
  maxDetections: number;
  /** Whether the network's input takes the shape of the picture (same pixel count): better for portrait and square pictures, a new shape costs a warm-up. */
  fitShape: boolean;
  /** Share of the picture's width (0–1) from which a plate is looked for once more at half the size, where such plates are placed better. Raising it saves work on close-ups and cuts more of them off. */
  closeShare: number;
}>;

/** Defaults of {@link DetectorOptions}. */
export const DETECTOR_DEFAULTS: DetectorOptions = {
  minScore: 0.2,
  vehicleScore: 0.35,
  vehicleIou: 0.6,
  maxDetections: 50,
  fitShape: true,
  closeShare: 0.45,
};

/** How the two heads of the reader are decoded and combined. */
export type ReaderOptions = Readonly<{
  /** Most whole-text candidates of one reading. Raising it makes search find more and events larger. */
  maxCandidates: number;
  /** Most alternatives kept for one character. Raising it makes events larger. */
  maxAlternatives: number;
  /** Width of the beams that look for candidates. Raising it finds rarer candidates and costs time. */
  beamWidth: number;
  /** Weight (0–1) of the CTC head against the slots head on one-line plates of usual length. */
  ctcWeight: number;
  /** The same for two-line plates and for texts of at least `longText` characters, where CTC is the better head. */
  ctcWeightLong: number;
  /** Length in characters from which a text counts as long. Raising it trusts the slots head more often. */
  longText: number;
  /** Most plates in one run of the network. Raising it saves calls and needs more memory. */
  maxBatch: number;
}>;

/** Defaults of {@link ReaderOptions}. */
export const READER_DEFAULTS: ReaderOptions = {
  maxCandidates: 8,
  maxAlternatives: 6,
  beamWidth: 8,
  ctcWeight: 0.5,
  ctcWeightLong: 0.65,
  longText: 9,
  maxBatch: 16,
};

/** Weights of countries and states by their code. */
export type RegionWeights = Readonly<Record<string, number>>;

/** How the numbering of countries and states re-ranks what the heads read. */
export type RegionOptions = Readonly<{
  /** Where the cameras stand: codes of countries (`us` for all its states) or states with weights, for example `{fr: 5, be: 1}`. Empty for anywhere. */
  expected: RegionWeights;
  /** Power of what the patterns say of a text against what the heads saw in it; 0 leaves the order of the heads. Raising it corrects more and overrules more plates of the owner's choice. */
  weight: number;
  /** Divides the logarithms of the region head before texts are ranked: above 1 trusts it less. */
  temperature: number;
  /** Power of the region head in the region that is reported, against what the text says. Raising it follows the picture more often. */
  pictureWeight: number;
  /** Share (0–1) that the region head never decides: it cannot rule a region out. Raising it trusts its verdicts less. */
  doubt: number;
  /** Share (0–1) left for regions other than the expected ones, where some are configured. At 0 no other is considered. */
  elsewhere: number;
  /** Least probability (0–1) at which a region is reported. Raising it reports fewer and surer ones. */
  minScore: number;
  /** Least probability (0–1) that the heads must give a character before a pattern may choose it. Raising it finds fewer texts and saves time. */
  minCharShare: number;
  /** Most texts put together from alternatives of single characters, besides those the beams find. Raising it costs time. */
  maxVariants: number;
  /** Whether texts that no pattern explains are written as the registers of their region do (the O of most American states as 0). Off writes what was seen. */
  asRegistered: boolean;
}>;

/** Defaults of {@link RegionOptions}. */
export const REGION_DEFAULTS: RegionOptions = {
  expected: {},
  weight: 0.5,
  temperature: 1,
  pictureWeight: 1,
  doubt: 0.02,
  elsewhere: 0.05,
  minScore: 0.5,
  minCharShare: 0.001,
  maxVariants: 24,
  asRegistered: true,
};

/** What a single picture's plates must have to be reported. */
export type RecogniseOptions = Readonly<{
  /** Lowest detector score (0–1) that is read at all. Raising it saves time and loses faint plates. */
  minScore: number;
  /** Lowest confidence (0–1) of the reading. Raising it reports fewer wrong texts and fewer right ones. */
  minConfidence: number;
  /** Lowest product of score and confidence (0–1). Raising it drops signs and lettering first. */
  minProduct: number;
  /** Lowest legibility (0–1, where the reader judges it) of a text that fits no numbering. Raising it drops grilles, barriers and lettering, and some unclear personal plates. */
  minReadable: number;
  /** Shortest text reported, characters. Raising it drops fragments and short personal plates. */
  minLength: number;
  /** Most plates read in one picture, best detector score first. Raising it costs time in crowded pictures. */
  maxPlates: number;
  /** Score times confidence (0–1) below which the picture is looked at once more at half the size, for plates that fill it, and then at twice, for small ones in large pictures. Raising it costs time on pictures without plates. */
  retryBelow: number;
}>;

/** Defaults of {@link RecogniseOptions}. */
export const RECOGNISE_DEFAULTS: RecogniseOptions = {
  minScore: 0.3,
  minConfidence: 0.05,
  minProduct: 0.03,
  minReadable: 0.5,
  minLength: 3,
  maxPlates: 16,
  retryBelow: 0.3,
};

/** ByteTrack's parameters. Times are in the unit of the caller's instants: frames in the reference, milliseconds in the pipeline. */
export type TrackerOptions = Readonly<{
  /** Score (0–1) from which a detection takes part in the first association; left out in a pipeline, three quarters of the detector's. Raising it leaves more to the second. */
  highScore: number;
  /** Score (0–1) above which a weak detection may keep a track alive. Raising it breaks tracks in rain and dusk. */
  lowScore: number;
  /** Score (0–1) from which a detection may begin a track; below `highScore` it has no effect. Raising it means fewer false tracks and later first looks. */
  newScore: number;
  /** Highest cost (1 − IoU × score) of the first association. Raising it accepts less overlap and risks swaps. */
  matchCost: number;
  /** Highest cost (1 − IoU) of the second association, with weak detections. Raising it accepts less overlap. */
  weakMatchCost: number;
  /** Highest cost of associating a track seen only once so far. Raising it confirms more false tracks. */
  tentativeMatchCost: number;
  /** Whether the first association multiplies overlap by the score, as ByteTrack does outside MOT20. */
  fuseScore: boolean;
  /** Hits after which a track is reported; 1 reports it at once. Raising it hides short false tracks and fast vehicles. */
  confirmHits: number;
  /** Time for which a lost track may be taken up again. Raising it bridges longer gaps and risks taking up another vehicle. */
  bufferTime: number;
  /** Cost (1 − IoU) below which a tracked and a lost track are the same. Raising it removes more doubles. */
  duplicateCost: number;
  /** Time between two frames at which speeds are counted; 0 takes every update as one step, as the reference does. */
  stepTime: number;
  /**
   * Extension, off at 0: widths of a plate that it may jump in one step (half of it once its speed is known) and still be followed
   * where no overlap is left. Raising it follows faster vehicles and risks joining two.
   */
  reach: number;
}>;

/** The published settings of ByteTrack at 30 frames a second, extensions off; times in frames. */
export const REFERENCE_TRACKER: TrackerOptions = {
  highScore: 0.5,
  lowScore: 0.1,
  newScore: 0.6,
  matchCost: 0.8,
  weakMatchCost: 0.5,
  tentativeMatchCost: 0.7,
  fuseScore: true,
  confirmHits: 2,
  bufferTime: 30,
  duplicateCost: 0.15,
  stepTime: 0,
  reach: 0,
};

/** How the readings of one passage are weighed and fused. */
export type FusionOptions = Readonly<{
  /** Least probability (0–1) a look can give a character: one wrong look cannot veto. Raising it makes fusion more like a plain vote. */
  floor: number;
  /** Share of a text (0–1) that may differ before a look counts as another plate and is left out. Raising it lets foreign looks in. */
  maxDistance: number;
  /** Character height (pixels) from which a look has full weight. Raising it trusts near looks more against far ones. */
  fullHeightPx: number;
  /** Share (0–1) of the network's own legibility in the weight of a look, against its sharpness and size. Raising it trusts the network more. */
  readableShare: number;
  /** Most whole-text candidates. Raising it makes search find more and events larger. */
  maxCandidates: number;
  /** Most alternatives for one character. Raising it makes events larger. */
  maxAlternatives: number;
}>;

/** Defaults of {@link FusionOptions}. */
export const FUSION_DEFAULTS: FusionOptions = {
  floor: 0.01,
  maxDistance: 0.5,
  fullHeightPx: 14,
  readableShare: 0,
  maxCandidates: 8,
  maxAlternatives: 6,
};

/** When a frame is not worth the detector. */
export type GateOptions = Readonly<{
  /** Whether frames without movement are skipped. */
  enabled: boolean;
  /** Blocks across and down in which brightness is compared. Raising them sees smaller things move, and more noise. */
  columns: number;
  rows: number;
  /** Change of a block's mean brightness, in levels of 255, that counts as movement. Raising it misses small, dark or distant vehicles. */
  threshold: number;
  /** Longest time without a look, milliseconds of the stream. Raising it saves work on an empty road and notices parked cars later. */
  forceMs: number;
  /** Least time between two looks while nothing is followed, milliseconds. Raising it saves work and sees fast vehicles fewer times. */
  idleMs: number;
}>;

/** Defaults of {@link GateOptions}. */
export const GATE_DEFAULTS: GateOptions = {
  enabled: true,
  columns: 32,
  rows: 18,
  threshold: 3,
  forceMs: 2000,
  idleMs: 0,
};

/** How tracks become passages and passages become Sightings. Times are milliseconds of the stream. */
export type PassageOptions = Readonly<{
  /** How long a final is held back so that an interrupted track is taken up again. Raising it joins longer gaps and delays finals. */
  mergeGapMs: number;
  /** The same for a vehicle that was standing: people and vehicles may hide it for a while. */
  stationaryGapMs: number;
  /** Time within which a plate must not move by half its width to count as standing. Raising it takes slow traffic for moving longer. */
  stationaryAfterMs: number;
  /** Time between two reads of a standing plate that is read well. Raising it saves work. */
  stationaryReadMs: number;
  /** Lowest character height that is read, pixels. Raising it drops far plates; below 7 texts are mostly guesses. */
  minCharHeightPx: number;
  /** Lowest sharpness (0–1) that is read. Raising it drops blurred looks. */
  minSharpness: number;
  /** Lowest detector score (0–1) that is read. Raising it drops faint plates. */
  minScore: number;
  /** Lowest confidence (0–1) of a reading that takes part in the fusion. Raising it ignores unsure looks. */
  minReadConfidence: number;
  /** Lowest legibility (0–1, where the reader judges it) of a text that fits no numbering. Raising it drops grilles, barriers and lettering, and some unclear personal plates. */
  minReadable: number;
  /** Shortest text of a Sighting, characters. Raising it drops fragments and short personal plates. */
  minLength: number;
  /** Frames in which a plate must have been found to become a Sighting. Raising it drops false tracks and very fast vehicles. */
  minHits: number;
  /** Detector score (0–1) that a plate must have reached once to be reported as lost when it gave no Sighting. Raising it reports fewer signs and lamps. */
  lostMinScore: number;
  /** Readings that must agree on the text, unless one alone reaches `loneConfidence`. Raising it drops short and unsure passages. */
  minAgreeing: number;
  /** Weight (legibility × detector score × confidence, about 0.1 for a poor look and 0.8 for a good one) that the agreeing readings must add up to. Raising it drops guesses at blurred or doubtful plates. */
  minEvidence: number;
  /** Confidence (0–1) at which a single reading is enough. Raising it drops vehicles seen once. */
  loneConfidence: number;
  /** Lowest confidence (0–1) of a final Sighting. Raising it turns unsure passages into lost ones. */
  finalConfidence: number;
  /** Confidence (0–1) from which a provisional Sighting is sent. Raising it makes gates act later and err less. */
  provisionalConfidence: number;
  /** Rise of confidence (0–1) that is worth another provisional with the same text. Raising it sends fewer revisions. */
  republishGain: number;
  /** Confidence (0–1) from which a plate is read no more unless a look is better. Raising it reads more. */
  stopConfidence: number;
  /** Time after which a moving plate is read again although its text is settled. Raising it saves work and keeps first mistakes. */
  recheckMs: number;
  /** Looks that are always read, whatever the confidence. Raising it costs time. */
  minReads: number;
  /** Reads after which only better looks are read. Raising it costs time on plates that stay unsure. */
  maxReads: number;
  /** Most plates read in one frame. Raising it costs time in crowded pictures. */
  maxReadsPerFrame: number;
}>;

/** Defaults of {@link PassageOptions}. */
export const PASSAGE_DEFAULTS: PassageOptions = {
  mergeGapMs: 1500,
  stationaryGapMs: 30_000,
  stationaryAfterMs: 3000,
  stationaryReadMs: 10_000,
  minCharHeightPx: 6,
  minSharpness: 0.1,
  minScore: 0.3,
  minReadConfidence: 0.05,
  minReadable: 0.5,
  minLength: 4,
  minHits: 2,
  lostMinScore: 0.6,
  minAgreeing: 2,
  minEvidence: 0.4,
  loneConfidence: 0.9,
  finalConfidence: 0.5,
  provisionalConfidence: 0.8,
  republishGain: 0.1,
  stopConfidence: 0.97,
  recheckMs: 400,
  minReads: 3,
  maxReads: 40,
  maxReadsPerFrame: 8,
};

/** Everything a camera's pipeline can be told; what is left out keeps its default. */
export type PipelineOptions = Readonly<{
  gate?: GateOptions;
  tracker?: TrackerOptions;
  fusion?: FusionOptions;
  passage?: PassageOptions;
  /** What calibrates the confidence of a passage; the reader's own when left out. */
  curve?: ConfidenceCurve;
  /** How plates are numbered, which orders the candidates of a passage; the reader's own when left out. */
  regions?: RegionKnowledge | undefined;
}>;

/** ByteTrack for plates seen some ten times a second: reported at once, followed beyond overlap, times in milliseconds. */
export const PLATE_TRACKER: TrackerOptions = {
  ...REFERENCE_TRACKER,
  lowScore: 0.2,
  newScore: 0.3,
  matchCost: 0.9,
  weakMatchCost: 0.7,
  confirmHits: 1,
  bufferTime: 1500,
  stepTime: 100,
  reach: 2,
};

/** The same with any field left out. */
export type PartialPipelineOptions = Readonly<{
  [K in keyof Omit<PipelineOptions, 'regions'>]?: Partial<NonNullable<PipelineOptions[K]>>;
}> &
  Pick<PipelineOptions, 'regions'>;

/** Fills in the defaults of each part. */
export function completeOptions(options: PartialPipelineOptions): Required<PipelineOptions> {
  return {
    gate: { ...GATE_DEFAULTS, ...options.gate },
    tracker: { ...PLATE_TRACKER, ...options.tracker },
    fusion: { ...FUSION_DEFAULTS, ...options.fusion },
    passage: { ...PASSAGE_DEFAULTS, ...options.passage },
    curve: { ...PLAIN_CURVE, ...options.curve },
    regions: options.regions,
  };
}
