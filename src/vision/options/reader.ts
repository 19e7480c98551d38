import { type OptionsOf, readDefaults, type Section } from './option.ts';

/** How the two heads of the reader are decoded and combined. */
export const READER = {
  maxCandidates: {
    type: 'integer',
    default: 8,
    min: 1,
    max: 100,
    unit: 'texts',
    text: 'Most whole-text candidates of one reading; an event carries at most 10. Raising it lets search find more and makes events larger.',
  },
  maxAlternatives: {
    type: 'integer',
    default: 6,
    min: 1,
    max: 100,
    unit: 'characters',
    text: 'Most alternatives kept for one character; an event carries the best and at most 8 others. Raising it makes events larger.',
  },
  beamWidth: {
    type: 'integer',
    default: 8,
    min: 1,
    max: 1000,
    unit: 'texts',
    text: 'Width of the beam search for candidates. Raising it finds rarer candidates and costs time.',
  },
  ctcWeight: {
    type: 'share',
    default: 0.5,
    text: 'Weight of the CTC head against the slots head on one-line plates of usual length. Raising it trusts the CTC head more.',
  },
  ctcWeightLong: {
    type: 'share',
    default: 0.65,
    text: 'The same weight for two-line plates and for texts of at least `longText` characters, which the CTC head reads better. Raising it trusts the CTC head more.',
  },
  longText: {
    type: 'integer',
    default: 9,
    min: 0,
    max: 100,
    unit: 'characters',
    text: 'Length from which a text counts as long. Raising it applies `ctcWeightLong` to fewer texts.',
  },
  maxBatch: {
    type: 'integer',
    default: 16,
    min: 1,
    max: 1024,
    unit: 'plates',
    text: 'Most plates in one run of the network. Raising it saves calls and needs more memory.',
  },
} as const satisfies Section;

export type ReaderOptions = OptionsOf<typeof READER>;

export const READER_DEFAULTS: ReaderOptions = readDefaults(READER);
