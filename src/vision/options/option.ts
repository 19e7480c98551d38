/** What every option says of itself: one sentence on what it is, and one on what raising it does. */
type Described = Readonly<{ text: string }>;

/** A part of a whole: a score, a probability, an overlap. From 0 to 1. Without a default the model decides. */
type Share = Readonly<{ type: 'share'; default?: number }>;

/** A count (`integer`) or a measure (`number`) in `unit`, from `min` to `max`. */
type Quantity = Readonly<{ type: 'integer' | 'number'; default: number; min: number; max: number; unit: string }>;

type Switch = Readonly<{ type: 'boolean'; default: boolean }>;

/** Weights from `min` to `max` by name. */
type Weights = Readonly<{ type: 'weights'; default: WeightsByName; min: number; max: number; unit: string }>;

type WeightsByName = Readonly<Record<string, number>>;

/** One option of the vision core as data. Its type, schema, documentation and environment name all come from here. */
export type Option = Described & (Share | Quantity | Switch | Weights);

/** The options of one part of the vision core. Texts refer to a sibling by its name in back-ticks. */
export type Section = Readonly<Record<string, Option>>;

/** The value that an option takes. */
export type ValueOf<O extends Option> = O extends { type: 'boolean' }
  ? boolean
  : O extends { type: 'weights' }
    ? WeightsByName
    : number;

type NamesWithDefault<S extends Section> = {
  [K in keyof S]: S[K] extends { default: unknown } ? K : never;
}[keyof S];

/** The values of a section; those without a default may be left out. */
export type OptionsOf<S extends Section> = Readonly<
  { [K in NamesWithDefault<S>]: ValueOf<S[K]> } & { [K in Exclude<keyof S, NamesWithDefault<S>>]?: ValueOf<S[K]> }
>;

/** The defaults of a section. */
export function readDefaults<S extends Section>(section: S): OptionsOf<S> {
  const entries = Object.entries(section).filter(([, option]) => option.default !== undefined);
  // Object.fromEntries forgets which name has which value.
  return Object.fromEntries(entries.map(([name, option]) => [name, option.default])) as OptionsOf<S>;
}

/** The longest time that an option can be, in milliseconds. */
export const DAY_MS = 86_400_000;
