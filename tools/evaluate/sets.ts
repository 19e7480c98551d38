import type { TruthFilter } from '../../src/eval/truth.ts';

/** Texts whose md5 modulo 100 is below this were never trained on. */
export const HELD_OUT = 15;

/** What of a report is held against a goal. */
export type Goal = Readonly<{
  of: 'exact' | 'state' | 'recall' | 'passages' | 'falseEvents';
  must: number;
  aim: number;
}>;

/** One set of the table: where it lies below the data folder, how it is taken, and what it must show. */
export type EvalSet = Readonly<{
  name: string;
  folder: string;
  filter: TruthFilter;
  use: 'held out' | 'measure only';
  goals: readonly Goal[];
  /** Sets of one group also count together. */
  group?: string;
}>;

/** The group whose sets are reported together as well, and its goal. */
export const HELD_OUT_CROPS = {
  name: 'all held-out crops together',
  goal: { of: 'exact', must: 0.94, aim: 0.985 },
} as const;

/** Boxes of this set are larger than the plates by these shares on each side. */
const WORLD_BOXES = [0.05, 0.08] as const;

/** Crops whose state is known. */
export const STATES = 'ocr-us-states';
/** The share of them whose state is named where words are read. */
export const STATES_NAMED: Goal = { of: 'state', must: 0.6, aim: 0.9 };

/** All sets, in the order of the table. */
export const EVAL_SETS: readonly EvalSet[] = [
  measureCrops(STATES, { of: 'exact', must: 0.95, aim: 0.99 }),
  measureCrops('ocr-br', { of: 'exact', must: 0.93, aim: 0.98 }),
  measureCrops('ocr-eu-twoline', { of: 'exact', must: 0.9, aim: 0.97 }),
  measureCrops('ocr-ar'),
  holdOut('ocr-world', { looseBox: WORLD_BOXES }),
  ...['ocr-openimages', 'ocr-kaggle-cars', 'ocr-in-punjab', 'ocr-id-makassar'].map((name) => holdOut(name)),
  ...['ocr-cn-lprnet', 'det-ocr-cn-easypr'].map((name) => holdOut(name)),
  {
    name: 'det-openlpr val',
    folder: 'det-openlpr',
    filter: { split: 'val', texts: 'ocr-world' },
    use: 'held out',
    goals: [
      { of: 'recall', must: 0.95, aim: 0.99 },
      { of: 'exact', must: 0.9, aim: 0.98 },
    ],
  },
  {
    name: 'det-ocr-french',
    folder: 'det-ocr-french',
    filter: {},
    use: 'measure only',
    goals: [{ of: 'exact', must: 0.9, aim: 0.98 }],
  },
  watch('delft-nl', 'delft-nl/', { of: 'passages', must: 29, aim: 32 }),
  watch('toll gate', 'misc/parkpow_tollgate', { of: 'passages', must: 3, aim: 3 }),
  watch('road without plates', 'misc/intel_car', { of: 'falseEvents', must: 1, aim: 0 }),
];

function measureCrops(name: string, goal?: Goal): EvalSet {
  return { name, folder: name, filter: { crops: true }, use: 'measure only', goals: goal ? [goal] : [] };
}

function holdOut(name: string, filter: TruthFilter = {}): EvalSet {
  const all = { ...filter, crops: true, heldOut: HELD_OUT };
  return { name, folder: name, filter: all, use: 'held out', goals: [], group: HELD_OUT_CROPS.name };
}

function watch(name: string, only: string, goal: Goal): EvalSet {
  return { name, folder: 'videos', filter: { only }, use: 'measure only', goals: [goal] };
}
