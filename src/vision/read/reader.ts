import type { Quad } from '../box.ts';
import { AlprError } from '../errors.ts';
import { expandQuad } from '../geometry.ts';
import type { Image, RgbImage } from '../image.ts';
import { checkImage } from '../image-check.ts';
import { READER_DEFAULTS, type ReaderOptions } from '../options/reader.ts';
import type { RegionKnowledge } from '../regions/region-answer.ts';
import type { Session, Tensor } from '../session.ts';
import type { PlateWords } from '../words/plate-words.ts';
import { calibrateReading } from './calibrate-reading.ts';
import { combineHeads, type Variants } from './combine-heads.ts';
import type { ConfidenceCurve } from './confidence-curve.ts';
import { createFixedSlotsDecoder, type FixedSlotsModel } from './decode-fixed-slots.ts';
import { createPaddleOcrDecoder, type PaddleOcrModel } from './decode-paddleocr.ts';
import { takePlate } from './head.ts';
import type { DecoderParts, PlateDecoder } from './plate-decoder.ts';
import { rankReading } from './rank-reading.ts';
import type { Reading } from './reading.ts';
import { rectifyToImage } from './rectify.ts';
import { takeRegions, takeWitnesses } from './take-regions.ts';

/** What the reader needs to know of its model: the fields of `model.json` by their names there. */
export type ReaderModel = (AlprReadModel | PaddleOcrModel | FixedSlotsModel) &
  Readonly<{
    /** Most plates in one run of the network, where it takes fewer than the options say. */
    max_batch?: number | undefined;
    /** What takes the confidence of a reading, and of a passage fused from several, to the share that is right. */
    calibration: Readonly<{ reading?: ConfidenceCurve | undefined; passage?: ConfidenceCurve | undefined }>;
  }>;

type AlprReadModel = Readonly<{
  name: string;
  decoder: 'alpr-read';
  input: Readonly<{ name: string; width: number; height: number }>;
  outputs: readonly Readonly<{ name: string }>[];
  alphabet: string;
  /** Codes of the countries or states in the order of the output `regions`, where there is one. */
  regions?: readonly string[] | undefined;
  crop: Readonly<{ margin_x: number; margin_y: number }>;
  calibration: Readonly<{ temperature: number }>;
}>;

/**
 * One plate in one picture; `plate` is its rectified crop where {@link Reader.rectify} has made it already. `wordsKnown` where an earlier
 * look at the plate showed its words about as well.
 */
export type Look = Readonly<{ image: Image; corners: Quad; plate?: RgbImage | undefined; wordsKnown?: boolean }>;

/** Reads rectified plates. */
export interface Reader {
  /** The crop the network sees: corners with the model's margins, upright. */
  rectify(image: Image, corners: Quad): RgbImage;
  /** One Reading for each look, in order, in batches of the network. */
  read(looks: readonly Look[]): Promise<readonly Reading[]>;
  /** How plates are numbered, where that orders the readings. */
  readonly regions?: RegionKnowledge | undefined;
  /** What takes the confidence of a passage fused from several readings to the share that is right. */
  readonly passageCurve?: ConfidenceCurve | undefined;
}

/** Binds a loaded network to rectification and its decoder. Throws `MODEL_INVALID` for a model it cannot decode. */
export function createReader(parts: {
  session: Session;
  model: ReaderModel;
  options?: Partial<ReaderOptions>;
  regions?: RegionKnowledge | undefined;
  words?: PlateWords | undefined;
}): Reader {
  const { session, model, regions, words } = parts;
  const options = { ...READER_DEFAULTS, ...parts.options };
  const decoder = createDecoder({ session, model, options }, regions?.variants);
  const { reading: curve, passage: passageCurve } = model.calibration;
  const maxBatch = Math.min(options.maxBatch, model.max_batch ?? options.maxBatch);
  const rectifyLook = (image: Image, corners: Quad) => {
    checkImage(image);
    return decoder.rectify(image, corners);
  };
  return {
    rectify: rectifyLook,
    async read(looks) {
      const readings: Reading[] = [];
      for (let from = 0; from < looks.length; from += maxBatch) {
        const batch = looks.slice(from, from + maxBatch);
        const plates = batch.map((look) => look.plate ?? rectifyLook(look.image, look.corners));
        const read = await decoder.read(plates);
        readings.push(...(words ? await weighAll(read, batch, words) : read));
      }
      const ranked = regions ? readings.map((one) => rankReading(one, regions, options.maxCandidates)) : readings;
      return curve ? ranked.map((reading) => calibrateReading(reading, curve)) : ranked;
    },
    regions,
    passageCurve,
  };
}

/** Words one plate after the other: pictures with several American plates are rare. */
async function weighAll(readings: readonly Reading[], looks: readonly Look[], words: PlateWords): Promise<Reading[]> {
  const weighed: Reading[] = [];
  for (const [index, reading] of readings.entries()) {
    const { regions } = reading;
    const isWorthIt = regions && !looks[index].wordsKnown;
    weighed.push(isWorthIt ? { ...reading, regions: await words.weigh(looks[index], regions) } : reading);
  }
  return weighed;
}

function createDecoder({ session, model, options }: DecoderParts<ReaderModel>, variants?: Variants): PlateDecoder {
  switch (model.decoder) {
    case 'paddleocr':
      return createPaddleOcrDecoder({ session, model, options });
    case 'fast-plate-ocr':
      return createFixedSlotsDecoder({ session, model, options });
    default:
      return createAlprReadDecoder({ session, model, options }, variants);
  }
}

function createAlprReadDecoder(
  { session, model, options }: DecoderParts<AlprReadModel>,
  variants?: Variants,
): PlateDecoder {
  checkModel(model);
  return {
    rectify: (image, corners) =>
      rectifyToImage(image, expandQuad(corners, model.crop.margin_x, model.crop.margin_y), model.input),
    async read(plates) {
      const output = await session.run({ [model.input.name]: stackPlates(plates, model) });
      return decodeBatch(output, { model, options, variants, count: plates.length });
    },
  };
}

function stackPlates(plates: readonly RgbImage[], { input }: AlprReadModel): Tensor {
  const size = input.width * input.height * 3;
  const data = new Uint8Array(plates.length * size);
  for (const [index, plate] of plates.entries()) data.set(plate.data, index * size);
  return { type: 'uint8', dims: [plates.length, input.height, input.width, 3], data };
}

type Batch = Readonly<{
  model: AlprReadModel;
  options: ReaderOptions;
  variants: Variants | undefined;
  count: number;
}>;

function decodeBatch(output: Readonly<Record<string, Tensor>>, batch: Batch): Reading[] {
  const { model, options, variants, count } = batch;
  const { alphabet, calibration } = model;
  const slots = takeHead(output, 'slots', model, count);
  const ctc = takeHead(output, 'ctc', model, count);
  const regions = takeRegions(output, model, count);
  const witnesses = takeWitnesses(output, model, count);
  return Array.from({ length: count }, (_, index) => {
    const heads = { slots: takePlate(slots, index), ctc: takePlate(ctc, index), alphabet, ...calibration };
    return { ...combineHeads(heads, options, variants), ...regions?.[index], ...witnesses[index] };
  });
}

function takeHead(output: Readonly<Record<string, Tensor>>, name: string, model: AlprReadModel, count: number) {
  const tensor = output[name];
  const classes = model.alphabet.length + 1;
  if (
    tensor?.type !== 'float32' ||
    tensor.dims.length !== 3 ||
    tensor.dims[0] !== count ||
    tensor.dims[2] !== classes
  ) {
    throw new AlprError(
      'INFERENCE_FAILED',
      `${model.name} must answer '${name}' with float32 [${count}, n, ${classes}], but answered ${tensor ? `${tensor.type} [${tensor.dims}]` : 'nothing'}.`,
    );
  }
  return tensor;
}

function checkModel({ name, decoder, outputs, alphabet, calibration }: AlprReadModel): void {
  const missing = ['slots', 'ctc'].filter((head) => !outputs.some((output) => output.name === head));
  if (decoder !== 'alpr-read' || missing.length > 0) {
    throw new AlprError(
      'MODEL_INVALID',
      `The reader decodes 'alpr-read' with the outputs slots and ctc; ${name} is '${decoder}' and lacks [${missing}].`,
    );
  }
  if (alphabet.length < 1 || !(calibration.temperature > 0)) {
    throw new AlprError(
      'MODEL_INVALID',
      `${name} needs an alphabet and a temperature above 0, but has ${alphabet.length} characters and ${calibration.temperature}.`,
    );
  }
}
