/** What a value is counted in. */
export type Unit = 'none' | 'seconds' | 'bytes' | 'ratio' | 'pixels';

/** What an instrument is: all that the page of metrics says of it. */
export type Declaration<Label extends string = string> = Readonly<{
  name: string;
  /** What is counted, and what the values of its labels mean. */
  help: string;
  unit: Unit;
  /** What to do when. */
  advice: string;
  labels?: readonly Label[];
  /** Values that a label may take, where that is more than usual; those that come later count together as `other`. */
  most?: Readonly<Partial<Record<Label, number>>>;
  /** Shown by `/metrics` of its own process only: another process would show the same. */
  isReported?: false;
}>;

/** A histogram of seconds. */
export type SecondsDeclaration<Label extends string = string> = Declaration<Label> &
  Readonly<{
    /** Seconds within which nearly all should be: a bucket ends there and, without labels, the buckets are reported to the topic, too. */
    objective?: number;
  }>;

export type InstrumentType = 'counter' | 'gauge' | 'histogram';

/** An instrument as it was declared, for the page that lists them. */
export type Declared = SecondsDeclaration & Readonly<{ type: InstrumentType }>;
