import type { Spelling } from './spelling.ts';

/** A pattern of a serial and how common it is among those of its form. Marks are those of plate-formats/README.md. */
export type SerialPattern = Readonly<{ marks: string; weight: number }>;

/** How one kind of plate of one region is numbered. Several forms may belong to one region. */
export type RegionForm = Readonly<{
  /** Code of the country or state: `fr`, `us-ca`. */
  region: string;
  /** How common the form is among the forms of its region, and the region among all. */
  weight: number;
  patterns: readonly SerialPattern[];
  /** What the mark L stands for. */
  letters: string;
  /** What other capitals of the patterns stand for: one of these characters, or one of these words. */
  sets: Readonly<Record<string, string | readonly string[]>>;
  /** Share (0–1) of plates with a text of the owner's choice, or of a kind that is not listed. */
  freeShare: number;
  /** Look-alikes that the region's plates do not carry in free texts: each is read as the other. `{ O: '0' }`: never O. */
  readAs: Readonly<Record<string, string>>;
  /** Characters that the region's registers write as another wherever no pattern tells: `{ O: '0' }` has zeros alone. */
  writtenAs?: Spelling | undefined;
  /** Words that the registers write with umlauts and `sets` in plain letters: `DÜW`. */
  umlauts?: readonly string[] | undefined;
  /** Whether plates show the whole number in Latin letters and digits, whatever they add in another script. */
  latinSuffices?: boolean;
  /** What plates say of where they come from, in words beside the number: the name of the state, slogans, addresses. */
  words?: readonly string[] | undefined;
}>;
