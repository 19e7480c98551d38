/** What later values of a label that has too many count as. */
export const OTHER = 'other';

/** Values that a label may take unless its instrument says otherwise. */
const USUAL = 100;
const USUAL_OF: Readonly<Record<string, number>> = { camera: 1000, route: 500 };

type Values = Readonly<Record<string, string | number>>;
type Options = Readonly<{
  labels: readonly string[];
  most?: Readonly<Partial<Record<string, number>>> | undefined;
  /** Is told of each value that counts as `other`. */
  onOther: (label: string) => void;
}>;

/** Most values that a label takes, besides `other`. */
export function mostValues(label: string, most: Options['most'] = {}): number {
  return most[label] ?? USUAL_OF[label] ?? USUAL;
}

/** Keeps an instrument from growing without end: each label has so many values, and later ones count together. */
export class LabelBounds {
  readonly #known: ReadonlyMap<string, Readonly<{ values: Set<string>; most: number }>>;
  readonly #onOther: Options['onOther'];

  constructor({ labels, most, onOther }: Options) {
    this.#known = new Map(labels.map((label) => [label, { values: new Set(), most: mostValues(label, most) }]));
    this.#onOther = onOther;
  }

  /** The same labels, or those under which they count. */
  fit<Given extends Partial<Values>>(labels: Given): Given {
    let fitted: Record<string, string | number | undefined> | undefined;
    for (const [label, { values, most }] of this.#known) {
      const value = labels[label];
      if (value === undefined || values.has(String(value))) continue;
      if (values.size < most) {
        values.add(String(value));
        continue;
      }
      if (value !== OTHER) this.#onOther(label);
      fitted ??= { ...labels };
      fitted[label] = OTHER;
    }
    return (fitted as Given | undefined) ?? labels;
  }
}
