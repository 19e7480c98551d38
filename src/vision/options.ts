/** Thresholds of the detector. */
export type DetectorOptions = Readonly<{
  /** Lowest score (0–1) handed on; the tracker uses weak detections to keep tracks alive. Raising it loses plates in rain and dusk. */
  minScore: number;
  /** Score (0–1) from which a detection may begin a track; the model's own threshold when left out. Raising it means fewer false tracks and more missed plates. */
  highScore?: number;
  /** Overlap (IoU, 0–1) at which the weaker of two boxes is dropped; the model's own when left out. Raising it keeps more double boxes. */
  maxIou?: number;
  /** Most detections handed on from one picture. Raising it costs reading time in crowded pictures. */
  maxDetections: number;
  /** Whether the network's input takes the shape of the picture (same pixel count): better for portrait and square pictures, a new shape costs a warm-up. */
  fitShape: boolean;
}>;

/** Defaults of {@link DetectorOptions}. */
export const DETECTOR_DEFAULTS: DetectorOptions = { minScore: 0.2, maxDetections: 50, fitShape: true };

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

/** What a single picture's plates must have to be reported. */
export type RecogniseOptions = Readonly<{
  /** Lowest detector score (0–1) that is read at all. Raising it saves time and loses faint plates. */
  minScore: number;
  /** Lowest confidence (0–1) of the reading. Raising it reports fewer wrong texts and fewer right ones. */
  minConfidence: number;
  /** Lowest product of score and confidence (0–1). Raising it drops signs and lettering first. */
  minProduct: number;
  /** Shortest text reported, characters. Raising it drops fragments and short personal plates. */
  minLength: number;
  /** Most plates read in one picture, best detector score first. Raising it costs time in crowded pictures. */
  maxPlates: number;
}>;

/** Defaults of {@link RecogniseOptions}. */
export const RECOGNISE_DEFAULTS: RecogniseOptions = {
  minScore: 0.3,
  minConfidence: 0.15,
  minProduct: 0.1,
  minLength: 3,
  maxPlates: 16,
};

/** ByteTrack's parameters. Times are in the unit of the caller's instants: frames in the reference, milliseconds in the pipeline. */
export type TrackerOptions = Readonly<{
  /** Score (0–1) from which a detection takes part in the first association. Raising it leaves more to the second. */
  highScore: number;
  /** Score (0–1) above which a weak detection may keep a track alive. Raising it breaks tracks in rain and dusk. */
  lowScore: number;
  /** Score (0–1) from which a detection may begin a track. Raising it means fewer false tracks and later first looks. */
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
