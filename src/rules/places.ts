import type { Condition, Rule } from '../contract/rule.ts';

/** Most pairs of camera and site that are remembered. */
const MOST = 10_000;

/** Which rules can apply at a place, by their numbers: one byte each. */
export type Admitted = Readonly<{
  rules: Uint8Array;
  /** Those that are about every passage, whatever its plate. */
  always: readonly number[];
}>;

/** Leaves out at once what cannot apply where an event was: rules of other cameras and sites. */
export class Places {
  readonly #rules: readonly Rule[];
  readonly #always: readonly number[];
  readonly #known = new Map<string, Admitted>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.#always = [...rules.keys()].filter((number) => {
      const match = rules[number]?.match;
      return match?.every_passage !== undefined || match?.not_on !== undefined;
    });
  }

  at(camera: string, site: string): Admitted {
    const key = `${camera}\n${site}`;
    const known = this.#known.get(key);
    if (known) return known;
    const rules = Uint8Array.from(this.#rules, ({ when }) => (when && !mayHold(when, camera, site) ? 0 : 1));
    const admitted = { rules, always: this.#always.filter((number) => rules[number] === 1) };
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(key, admitted);
    return admitted;
  }
}

function mayHold({ camera, site, all }: Condition, atCamera: string, atSite: string): boolean {
  if (camera && !camera.includes(atCamera)) return false;
  if (site && !site.includes(atSite)) return false;
  return all?.every((one) => mayHold(one, atCamera, atSite)) ?? true;
}
