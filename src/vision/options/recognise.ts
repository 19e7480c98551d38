import { type OptionsOf, readDefaults, type Section } from './option.ts';

/** What the plates of a single picture must have to be reported. */
export const RECOGNISE = {
  minScore: {
    type: 'share',
    default: 0.3,
    text: 'Lowest detector score of a plate that is read. Raising it saves time and loses faint plates.',
  },
  minConfidence: {
    type: 'share',
    default: 0.05,
    text: 'Lowest confidence of a reading that is reported. Raising it reports fewer wrong texts and fewer right ones.',
  },
  minProduct: {
    type: 'share',
    default: 0.03,
    text: 'Lowest product of score and confidence. Raising it drops signs and lettering first.',
  },
  minReadable: {
    type: 'share',
    default: 0.5,
    text: 'Lowest legibility of a text that fits no number format, where the reader judges legibility. Raising it drops grilles, barriers and lettering, and some unclear personal plates.',
  },
  minLength: {
    type: 'integer',
    default: 3,
    min: 0,
    max: 100,
    unit: 'characters',
    text: 'Shortest text that is reported. Raising it drops fragments and short personal plates.',
  },
  maxPlates: {
    type: 'integer',
    default: 16,
    min: 1,
    max: 1000,
    unit: 'plates',
    text: 'Most plates read in one picture, best detector score first. Raising it costs time in crowded pictures.',
  },
  retryBelow: {
    type: 'share',
    default: 0.3,
    text: 'Score times confidence below which the picture is searched again at half the size, for plates that fill it, and then at twice the size, for small plates in large pictures. Raising it costs time on pictures without plates.',
  },
} as const satisfies Section;

export type RecogniseOptions = OptionsOf<typeof RECOGNISE>;

export const RECOGNISE_DEFAULTS: RecogniseOptions = readDefaults(RECOGNISE);
