import type { Quad } from './box.ts';
import type { Detector } from './detect/detector.ts';
import type { Detection } from './detection.ts';
import { toQuad } from './geometry.ts';
import type { Image } from './image.ts';
import { RECOGNISE_DEFAULTS, type RecogniseOptions } from './options.ts';
import { type Legibility, measureLegibility } from './read/legibility.ts';
import type { Reader } from './read/reader.ts';
import type { Reading } from './read/reading.ts';

/** One plate of a single picture. */
export type Recognition = Readonly<{ detection: Detection; corners: Quad; reading: Reading; legibility: Legibility }>;

/** What {@link recognisePicture} works with. */
export type RecogniseParts = Readonly<{
  detector: Detector;
  reader: Reader;
  image: Image;
  options?: Partial<RecogniseOptions>;
}>;

/** All plates of one picture, ranked by detector score times reader confidence; what falls below the options is left out. */
export async function recognisePicture(parts: RecogniseParts): Promise<readonly Recognition[]> {
  const { detector, reader, image } = parts;
  const options = { ...RECOGNISE_DEFAULTS, ...parts.options };
  const plates = (await detector.detect({ image }))
    .filter((detection) => detection.class === 'plate' && detection.score >= options.minScore)
    .slice(0, options.maxPlates);
  const looks = plates.map((detection) => {
    const corners = detection.corners ?? toQuad(detection.box);
    return { image, corners, plate: reader.rectify(image, corners) };
  });
  const readings = await reader.read(looks);
  return plates
    .map((detection, index): Recognition => {
      const { corners, plate } = looks[index];
      const reading = readings[index];
      return { detection, corners, reading, legibility: measureLegibility(plate, corners, reading.lines) };
    })
    .filter(({ detection, reading }) => isWorthKeeping(detection.score, reading, options))
    .sort((a, b) => rate(b) - rate(a));
}

function isWorthKeeping(score: number, { text, confidence }: Reading, options: RecogniseOptions): boolean {
  return (
    text.length >= options.minLength && confidence >= options.minConfidence && score * confidence >= options.minProduct
  );
}

function rate({ detection, reading }: Recognition): number {
  return detection.score * reading.confidence;
}
