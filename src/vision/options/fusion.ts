import { type OptionsOf, readDefaults, type Section } from './option.ts';

/** How the readings of one passage are weighed and fused. */
export const FUSION = {
  floor: {
    type: 'number',
    default: 0.01,
    // At 0 looks that contradict each other would rule out every character.
    min: 0.000001,
    max: 1,
    unit: 'probability',
    text: 'Lowest probability that a look can give a character, so that one wrong look cannot veto. Raising it brings fusion closer to a plain vote.',
  },
  maxDistance: {
    type: 'share',
    default: 0.5,
    text: 'Share of a text that may differ before a look counts as another plate and is left out. Raising it lets in looks at other plates.',
  },
  fullHeightPx: {
    type: 'number',
    default: 14,
    min: 0,
    max: 10_000,
    unit: 'pixels',
    text: 'Character height from which a look has full weight. Raising it trusts near looks more than far ones.',
  },
  readableShare: {
    type: 'share',
    default: 0,
    text: 'Share of the network’s own legibility in the weight of a look, against its sharpness and size. Raising it trusts the network more.',
  },
  maxCandidates: {
    type: 'integer',
    default: 8,
    min: 1,
    max: 100,
    unit: 'texts',
    text: 'Most whole-text candidates of a passage; an event carries at most 10. Raising it lets search find more and makes events larger.',
  },
  maxAlternatives: {
    type: 'integer',
    default: 6,
    min: 1,
    max: 100,
    unit: 'characters',
    text: 'Most alternatives kept for one character; an event carries the best and at most 8 others. Raising it makes events larger.',
  },
} as const satisfies Section;

export type FusionOptions = OptionsOf<typeof FUSION>;

export const FUSION_DEFAULTS: FusionOptions = readDefaults(FUSION);
