import { DAY_MS, type OptionsOf, readDefaults, type Section } from './option.ts';

/** How tracks become passages and passages become Sightings. Times are milliseconds of the stream. */
export const PASSAGE = {
  mergeGapMs: {
    type: 'number',
    default: 1500,
    min: 0,
    max: DAY_MS,
    unit: 'milliseconds',
    text: 'How long a final event is held back so that an interrupted track can be resumed. Raising it bridges longer gaps and delays final events.',
  },
  stationaryGapMs: {
    type: 'number',
    default: 30_000,
    min: 0,
    max: DAY_MS,
    unit: 'milliseconds',
    text: 'The same for a standing vehicle, which people and other vehicles may hide for a while. Raising it bridges longer gaps and delays final events.',
  },
  stationaryAfterMs: {
    type: 'number',
    default: 3000,
    min: 0,
    max: DAY_MS,
    unit: 'milliseconds',
    text: 'Time in which a plate must move by less than half its width to count as standing. Raising it treats slow traffic as moving for longer.',
  },
  stationaryReadMs: {
    type: 'number',
    default: 10_000,
    min: 0,
    max: DAY_MS,
    unit: 'milliseconds',
    text: 'Time between two reads of a standing plate that is already read well. Raising it saves work.',
  },
  minCharHeightPx: {
    type: 'number',
    default: 6,
    min: 0,
    max: 10_000,
    unit: 'pixels',
    text: 'Lowest character height that is read; below 7, texts are mostly guesses. Raising it drops distant plates.',
  },
  minSharpness: {
    type: 'share',
    default: 0.1,
    text: 'Lowest sharpness that is read. Raising it drops blurred looks.',
  },
  minScore: {
    type: 'share',
    default: 0.3,
    text: 'Lowest detector score that is read. Raising it drops faint plates.',
  },
  minReadConfidence: {
    type: 'share',
    default: 0.05,
    text: 'Lowest confidence of a reading that takes part in the fusion. Raising it ignores uncertain looks.',
  },
  minReadable: {
    type: 'share',
    default: 0.5,
    text: 'Lowest legibility of a text that fits no number format, where the reader judges legibility. Raising it drops grilles, barriers and lettering, and some unclear personal plates.',
  },
  minLength: {
    type: 'integer',
    default: 4,
    min: 0,
    max: 100,
    unit: 'characters',
    text: 'Shortest text that becomes an event. Raising it drops fragments and short personal plates.',
  },
  minHits: {
    type: 'integer',
    default: 2,
    min: 0,
    max: 1000,
    unit: 'frames',
    text: 'Frames in which a plate must have been found to become an event. Raising it drops false tracks, and very fast vehicles.',
  },
  lostMinScore: {
    type: 'share',
    default: 0.6,
    text: 'Detector score that a plate must have reached once to be counted as lost when it gave no event. Raising it counts fewer signs and lamps.',
  },
  minAgreeing: {
    type: 'integer',
    default: 2,
    min: 0,
    max: 1000,
    unit: 'readings',
    text: 'Readings that must agree on the text, unless a single one reaches `loneConfidence`. Raising it drops short and uncertain passages.',
  },
  minEvidence: {
    type: 'number',
    default: 0.4,
    min: 0,
    max: 1000,
    unit: 'summed weight',
    text: 'Weight (legibility × detector score × confidence, about 0.1 for a poor look and 0.8 for a good one) that the agreeing readings must add up to. Raising it drops guesses at blurred or doubtful plates.',
  },
  loneConfidence: {
    type: 'share',
    default: 0.9,
    text: 'Confidence at which a single reading is enough. Raising it drops vehicles that were read once.',
  },
  finalConfidence: {
    type: 'share',
    default: 0.5,
    text: 'Lowest confidence of a final event. Raising it turns uncertain passages into lost ones.',
  },
  provisionalConfidence: {
    type: 'share',
    default: 0.8,
    text: 'Confidence from which a provisional event is sent. Raising it makes gates act later and err less.',
  },
  republishGain: {
    type: 'share',
    default: 0.1,
    text: 'Gain in confidence that is worth another provisional event with the same text. Raising it sends fewer revisions.',
  },
  stopConfidence: {
    type: 'share',
    default: 0.97,
    text: 'Confidence from which a plate is read again only where a look is better. Raising it reads more.',
  },
  recheckMs: {
    type: 'number',
    default: 400,
    min: 0,
    max: DAY_MS,
    unit: 'milliseconds',
    text: 'Time after which a moving plate is read again although its text is settled. Raising it saves work and keeps first mistakes.',
  },
  minReads: {
    type: 'integer',
    default: 3,
    min: 0,
    max: 10_000,
    unit: 'looks',
    text: 'Looks that are always read, whatever the confidence. Raising it costs time.',
  },
  maxReads: {
    type: 'integer',
    default: 40,
    min: 0,
    max: 10_000,
    unit: 'looks',
    text: 'Reads after which only better looks are read. Raising it costs time on plates that stay uncertain.',
  },
  maxReadsPerFrame: {
    type: 'integer',
    default: 8,
    min: 1,
    max: 1000,
    unit: 'plates',
    text: 'Most plates read in one frame. Raising it costs time in crowded pictures.',
  },
} as const satisfies Section;

export type PassageOptions = OptionsOf<typeof PASSAGE>;

export const PASSAGE_DEFAULTS: PassageOptions = readDefaults(PASSAGE);
