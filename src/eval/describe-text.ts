import type { Quad } from '../vision/box.ts';
import { guessLines, measureCharHeight } from '../vision/read/legibility.ts';
import type { Reading } from '../vision/read/reading.ts';
import { normalizeSaid } from './normalize-truth.ts';
import type { TextRecord } from './records.ts';
import type { TrueFile, TruePlate } from './truth.ts';

type Seen = Readonly<{
  file: TrueFile;
  plate: TruePlate & Readonly<{ text: string }>;
  /** Where it was read, or absent where nothing was found. */
  corners?: Quad | undefined;
  /** Where it is, if known, for its size when nothing was found. */
  trueCorners?: Quad | undefined;
  reading?: Reading | undefined;
}>;

/** One true text beside what was read of it, both normalised for comparison. */
export function describeText({ file, plate, corners, trueCorners, reading }: Seen): TextRecord {
  const place = corners ?? trueCorners;
  const lines = plate.lines ?? reading?.lines ?? (place ? guessLines(place) : 1);
  return {
    name: file.name,
    path: file.path,
    truth: plate.text,
    text: normalizeSaid(reading?.text ?? '', plate.text),
    confidence: reading?.confidence ?? 0,
    candidates: (reading?.candidates ?? []).map(({ text, p }) => ({ text: normalizeSaid(text, plate.text), p })),
    chars: reading?.chars ?? [],
    region: plate.region ?? '',
    ...(reading?.region ? { readRegion: reading.region.code } : {}),
    lines: Math.min(2, lines),
    charHeight: place ? measureCharHeight(place, lines) : 0,
    ...(corners ? { corners } : {}),
    ...(reading?.readable === undefined ? {} : { legibility: reading.readable }),
  };
}
