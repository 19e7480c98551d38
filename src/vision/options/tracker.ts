import { DAY_MS, type OptionsOf, readDefaults, type Section } from './option.ts';

/** ByteTrack for plates seen some ten times a second: reported at once, followed beyond overlap. */
export const TRACKER = {
  highScore: {
    type: 'share',
    text: 'Score from which a detection takes part in the first association. Three quarters of the detector’s high score if left out. Raising it leaves more detections to the second association.',
  },
  lowScore: {
    type: 'share',
    default: 0.2,
    text: 'Score above which a weak detection may keep a track alive. Raising it breaks tracks in rain and at dusk.',
  },
  newScore: {
    type: 'share',
    default: 0.3,
    text: 'Score from which a detection may begin a track; below `highScore` it has no effect. Raising it gives fewer false tracks and later first looks.',
  },
  matchCost: {
    type: 'share',
    default: 0.9,
    text: 'Highest cost (1 − IoU × score) of the first association. Raising it accepts less overlap and risks swaps.',
  },
  weakMatchCost: {
    type: 'share',
    default: 0.7,
    text: 'Highest cost (1 − IoU) of the second association, with weak detections. Raising it accepts less overlap.',
  },
  tentativeMatchCost: {
    type: 'share',
    default: 0.7,
    text: 'Highest cost of association for a track that was seen only once. Raising it confirms more false tracks.',
  },
  fuseScore: {
    type: 'boolean',
    default: true,
    text: 'Whether the first association multiplies overlap by score, as ByteTrack does outside MOT20.',
  },
  confirmHits: {
    type: 'integer',
    default: 1,
    min: 1,
    max: 1000,
    unit: 'detections',
    text: 'Detections after which a track is reported; 1 reports it at once. Raising it hides short false tracks, and fast vehicles.',
  },
  bufferTime: {
    type: 'number',
    default: 1500,
    min: 0,
    max: DAY_MS,
    unit: 'milliseconds',
    text: 'Time for which a lost track may be resumed. Raising it bridges longer gaps and risks resuming with another vehicle.',
  },
  duplicateCost: {
    type: 'share',
    default: 0.15,
    text: 'Cost (1 − IoU) below which a visible and a lost track are the same. Raising it removes more duplicates.',
  },
  stepTime: {
    type: 'number',
    default: 100,
    min: 0,
    max: DAY_MS,
    unit: 'milliseconds',
    text: 'Time that counts as one step of a speed; 0 counts every update as one step, as the reference does. Raising it makes predictions reach less far.',
  },
  reach: {
    type: 'number',
    default: 2,
    min: 0,
    max: 100,
    unit: 'plate widths',
    text: 'Distance that a plate may jump in one step, without overlap, and still be followed: half of it once its speed is known, 0 for never. Raising it follows faster vehicles and risks joining two.',
  },
} as const satisfies Section;

/** ByteTrack’s parameters. Times are in the unit of the caller’s instants: frames in the reference, milliseconds in the pipeline. */
export type TrackerOptions = Required<OptionsOf<typeof TRACKER>>;

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

/** The defaults of a camera’s pipeline, where the detector says what `highScore` is; times in milliseconds. */
export const TRACKER_DEFAULTS: TrackerOptions = {
  highScore: REFERENCE_TRACKER.highScore,
  ...readDefaults(TRACKER),
};
