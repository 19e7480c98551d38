import { type OptionsOf, readDefaults, type Section } from './option.ts';

/** How the numbering of countries and states re-ranks what the heads read. */
export const REGIONS = {
  expected: {
    type: 'weights',
    default: {},
    min: 0,
    max: 1_000_000,
    unit: 'relative weight',
    text: 'Where the cameras stand: codes of countries or states with weights, for example `{fr: 5, be: 1}` or `{us-ny: 1}`; a country stands for all its states. Empty for anywhere. Raising a weight makes its region more likely.',
  },
  weight: {
    type: 'number',
    default: 0.5,
    min: 0,
    max: 100,
    unit: 'exponent',
    text: 'Power of the number formats against what the heads saw; 0 keeps the order of the heads. Raising it corrects more texts and overrules more personal plates.',
  },
  temperature: {
    type: 'number',
    default: 1,
    min: 0.01,
    max: 100,
    unit: 'divisor',
    text: 'Divides the logarithms of the region head before texts are ranked. Raising it trusts the region head less.',
  },
  pictureWeight: {
    type: 'number',
    default: 1,
    min: 0,
    max: 100,
    unit: 'exponent',
    text: 'Power of the region head in the choice of the reported region, against what the text says. Raising it follows the picture more often.',
  },
  doubt: {
    type: 'share',
    default: 0.02,
    text: 'Share that the region head never decides, so that it cannot rule out a region. Raising it trusts its verdicts less.',
  },
  elsewhere: {
    type: 'share',
    default: 0.05,
    text: 'Share left for regions that `expected` does not name; 0 considers no others. Raising it recognises more plates of visitors and trusts `expected` less.',
  },
  minScore: {
    type: 'share',
    default: 0.5,
    text: 'Lowest probability of a region that is reported. Raising it reports fewer regions with more certainty.',
  },
  minCharShare: {
    type: 'share',
    default: 0.001,
    text: 'Lowest probability that the heads must give a character before a number format may choose it. Raising it finds fewer texts and saves time.',
  },
  maxVariants: {
    type: 'integer',
    default: 24,
    min: 0,
    max: 1000,
    unit: 'texts',
    text: 'Most texts assembled from the alternatives of single characters, besides those of the beam search. Raising it costs time.',
  },
  asRegistered: {
    type: 'boolean',
    default: true,
    text: 'Whether a text is written as the registers of its region write it, for example with 0 for the O of personal plates in most American states, or with the umlaut of German districts such as DÜW. Off writes what was seen.',
  },
} as const satisfies Section;

export type RegionOptions = OptionsOf<typeof REGIONS>;

export const REGION_DEFAULTS: RegionOptions = readDefaults(REGIONS);
