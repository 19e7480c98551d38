import type { Quad } from '../box.ts';
import type { Image } from '../image.ts';
import type { PipelineOptions } from '../options/pipeline.ts';
import type { ConfidenceCurve } from '../read/confidence-curve.ts';
import type { Reading } from '../read/reading.ts';
import { saysWhole } from '../read/wholeness.ts';
import type { RegionKnowledge } from '../regions/region-answer.ts';
import { fuseReadings } from './fuse-readings.ts';
import type { PlateLook } from './plate-look.ts';
import type { ShadowText } from './sighting.ts';
import { cutLook, findFault, type WeightedReading, weighReading } from './weight.ts';

/** One look that a shadow reader was given, and what it said of it. */
export type ShadowLook = {
  /** The looks of its passage; undefined once nobody wants it any more. */
  of: ShadowLooks | undefined;
  readonly reader: ShadowReader;
  /** What it promises, 0–1, and whether the plate lies within the picture. */
  readonly quality: number;
  readonly isWhole: boolean;
  reading: Reading | undefined;
};

/** A second reader beside the first: it reads when it can, and nobody waits for it. */
export interface ShadowReader {
  readonly model: string;
  /** What takes the confidence of a fused passage to the share that is right. */
  readonly passageCurve?: ConfidenceCurve | undefined;
  /** How plates are numbered, where that orders what it reads. */
  readonly regions?: RegionKnowledge | undefined;
  /** Takes a look; puts the `reading` into it later, or gives its passage up. The picture may be used until it returns. */
  take(look: ShadowLook, picture: Readonly<{ image: Image; corners: Quad }>): void;
}

/** As many as a passage keeps of its reader's own. */
const MOST_LOOKS = 24;

/**
 * The looks at one passage as a shadow reader sees them: all that were handed to the reader, so that both are judged by the same. What
 * it read of some of them only is not told.
 */
export class ShadowLooks {
  #looks: ShadowLook[] = [];
  #isGivenUp = false;

  /** How many it has read. */
  get readCount(): number {
    return this.#looks.filter(({ reading }) => reading).length;
  }

  /** Hands a look to whoever reads in the shadow now. */
  offer(reader: ShadowReader | undefined, { frame, corners, quality, isWhole }: PlateLook): void {
    // Whoever came, left or changed amid a passage has not seen all of it.
    if (reader === undefined || (this.#looks.length > 0 && this.#looks[0].reader !== reader)) this.giveUp();
    if (reader === undefined || this.#isGivenUp) return;
    const look: ShadowLook = { of: this, reader, quality, isWhole, reading: undefined };
    this.#looks.push(look);
    this.#shed();
    if (look.of) reader.take(look, { image: frame.image, corners });
  }

  /** Not all of them can be read. */
  giveUp(): void {
    this.end();
    this.#isGivenUp = true;
    this.#looks = [];
  }

  /** The passage is over: what was not read by now is read by nobody. */
  end(): void {
    for (const look of this.#looks) look.of = undefined;
  }

  absorb(other: ShadowLooks): void {
    if (other.#looks.length === 0 && !other.#isGivenUp) return;
    const readers = new Set([...this.#looks, ...other.#looks].map(({ reader }) => reader));
    if (this.#isGivenUp || other.#isGivenUp || readers.size > 1) {
      other.giveUp();
      this.giveUp();
      return;
    }
    for (const look of other.#looks) look.of = this;
    this.#looks.push(...other.#looks);
    other.#looks = [];
    this.#shed();
  }

  /** The text of the shadow reader by the rules of the reader's own; nothing where it has not read all looks. */
  tell({ fusion, passage }: Pick<Required<PipelineOptions>, 'fusion' | 'passage'>): Readonly<{ shadow?: ShadowText }> {
    const reader = this.#looks[0]?.reader;
    if (!reader || this.#looks.some(({ reading }) => !reading)) return {};
    const readings = this.#looks.flatMap((look): WeightedReading[] => {
      const { reading } = look;
      if (!reading || findFault(reading, passage)) return [];
      const seen = saysWhole(reading) ? look : cutLook(look);
      return [{ reading, weight: weighReading(seen.quality, reading, fusion), isCut: !seen.isWhole }];
    });
    const fused = fuseReadings(readings, fusion, { curve: reader.passageCurve, regions: reader.regions });
    return { shadow: { model: reader.model, text: fused?.text ?? '', confidence: fused?.confidence ?? 0 } };
  }

  #shed(): void {
    while (this.#looks.length > MOST_LOOKS) {
      const least = this.#looks.reduce((worst, look) => (look.quality < worst.quality ? look : worst));
      least.of = undefined;
      this.#looks = this.#looks.filter((look) => look !== least);
    }
  }
}
