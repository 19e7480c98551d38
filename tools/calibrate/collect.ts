import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Vision } from '../../src/app/open-vision.ts';
import { createRandom } from '../../src/base/random.ts';
import { decodePicture } from '../../src/camera/pictures.ts';
import { measureSet } from '../../src/eval/measure-set.ts';
import { normalizeSaid } from '../../src/eval/normalize-truth.ts';
import { findCorners } from '../../src/eval/read-crop.ts';
import { readTruth, type TrueFile, type TruthFilter } from '../../src/eval/truth.ts';
import type { WatchedVision } from '../../src/eval/watched-vision.ts';
import type { ConfidenceCurve } from '../../src/vision/read/confidence-curve.ts';
import { EVAL_SETS, HELD_OUT } from '../evaluate/sets.ts';
import { simulatePassage } from './simulate-passage.ts';
import type { CurveSample } from './statement.ts';
import type { PlacedPlate } from './vary-look.ts';

/** A held-out plate of a training set with its text. */
export type HeldOutPlate = PlacedPlate & Readonly<{ text: string }>;

/** All certain crops of the training sets whose texts training held out; NOT one of the measure-only sets is touched. */
export async function loadHeldOut(data: string, alphabet: string | undefined): Promise<readonly HeldOutPlate[]> {
  const plates: HeldOutPlate[] = [];
  for (const { folder, filter, use } of EVAL_SETS) {
    if (use !== 'held out' || !filter.crops || !existsSync(join(data, folder))) continue;
    for (const file of await readTruth(join(data, folder), { ...filter, alphabet })) plates.push(...(await load(file)));
  }
  return plates;
}

async function load({ path, plates }: TrueFile): Promise<HeldOutPlate[]> {
  const image = await decodePicture(path);
  return plates.flatMap((plate) =>
    plate.text === undefined ? [] : [{ image, corners: findCorners(plate, image), text: plate.text }],
  );
}

/** One statement for each plate as it was photographed. */
export async function readPlates(plates: readonly HeldOutPlate[], { reader }: Vision): Promise<readonly CurveSample[]> {
  const samples: CurveSample[] = [];
  for (const { image, corners, text } of plates) {
    const readings = await reader.read([{ image, corners }]);
    samples.push(...readings.map((reading) => toSample('crop', text, reading)));
  }
  return samples;
}

/** Pictures with held-out texts, searched as a user's would be. */
const PICTURES: readonly Readonly<{ folder: string; filter: TruthFilter }>[] = [
  { folder: 'det-openlpr', filter: { split: 'val', texts: 'ocr-world' } },
  ...['det-openimages', 'det-kaggle-cars', 'det-in-punjab', 'det-id-makassar'].map((folder) => ({
    folder,
    filter: { heldOut: HELD_OUT },
  })),
];

/** One statement for each text that the whole chain reads in held-out pictures of the training sets. */
export async function readPictures(
  data: string,
  vision: WatchedVision,
  alphabet: string | undefined,
): Promise<readonly CurveSample[]> {
  const samples: CurveSample[] = [];
  for (const { folder, filter } of PICTURES.filter((set) => existsSync(join(data, set.folder)))) {
    const texts = filter.texts === undefined ? undefined : join(data, filter.texts);
    const files = await readTruth(join(data, folder), { ...filter, texts, alphabet });
    const measured = await measureSet(files, vision, { step() {}, stop() {} });
    const found = measured.texts.filter(({ text }) => text !== '');
    samples.push(
      ...found.map((record) => toSample('picture', record.truth, { ...record, readable: record.legibility })),
    );
  }
  return samples;
}

/** One statement for each reported passage of several looks; the curve is that of single readings, the share that of `FusionOptions`. */
export async function readPassages(
  plates: readonly HeldOutPlate[],
  { reader }: Vision,
  curve: ConfidenceCurve,
  readableShare?: number,
): Promise<readonly CurveSample[]> {
  const random = createRandom(23);
  const samples: CurveSample[] = [];
  for (const plate of plates) {
    const sighting = await simulatePassage({
      plate,
      reader,
      curve,
      random,
      ...(readableShare === undefined ? {} : { readableShare }),
    });
    if (sighting && sighting.framesRead > 1) samples.push(toSample('passage', plate.text, sighting));
  }
  return samples;
}

type Said = Readonly<{ text: string; confidence: number; readable?: number | undefined }>;

function toSample(kind: CurveSample['kind'], truth: string, { text, confidence, readable }: Said): CurveSample {
  const right = normalizeSaid(text, truth) === truth;
  return { confidence, right, key: truth, kind, ...(readable === undefined ? {} : { readable }) };
}
