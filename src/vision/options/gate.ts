import { DAY_MS, type OptionsOf, readDefaults, type Section } from './option.ts';

/** When a frame is not worth the detector. */
export const GATE = {
  enabled: {
    type: 'boolean',
    default: true,
    text: 'Whether frames without movement are skipped.',
  },
  columns: {
    type: 'integer',
    default: 32,
    min: 1,
    max: 320,
    unit: 'blocks',
    text: 'Blocks across the picture in which brightness is compared. Raising it notices smaller movements, and more noise.',
  },
  rows: {
    type: 'integer',
    default: 18,
    min: 1,
    max: 320,
    unit: 'blocks',
    text: 'Blocks down the picture in which brightness is compared. Raising it notices smaller movements, and more noise.',
  },
  threshold: {
    type: 'number',
    default: 3,
    min: 0,
    max: 255,
    unit: 'levels of 255',
    text: 'Change of a block’s mean brightness that counts as movement. Raising it misses small, dark or distant vehicles.',
  },
  forceMs: {
    type: 'number',
    default: 2000,
    min: 0,
    max: DAY_MS,
    unit: 'milliseconds',
    text: 'Longest time without a look, in the time of the stream. Raising it saves work on an empty road and notices parked cars later.',
  },
  idleMs: {
    type: 'number',
    default: 0,
    min: 0,
    max: DAY_MS,
    unit: 'milliseconds',
    text: 'Least time between two looks while nothing is tracked, in the time of the stream. Raising it saves work and sees fast vehicles fewer times.',
  },
} as const satisfies Section;

export type GateOptions = OptionsOf<typeof GATE>;

export const GATE_DEFAULTS: GateOptions = readDefaults(GATE);
