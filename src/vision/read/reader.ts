import type { Quad } from '../box.ts';
import { expandQuad } from '../geometry.ts';
import type { Image, RgbImage } from '../image.ts';
import { checkImage } from '../image-check.ts';
import { READER_DEFAULTS, type ReaderOptions } from '../options.ts';
import type { Session, Tensor } from '../session.ts';
import { VisionError } from '../vision-error.ts';
import { combineHeads } from './combine-heads.ts';
import { takePlate } from './head.ts';
import type { Reading } from './reading.ts';
import { rectifyToImage } from './rectify.ts';

/** What the reader needs to know of its model: the fields of `model.json` by their names there. */
export type ReaderModel =
  | AlprReadModel
  | Readonly<{ name: string; decoder: 'paddleocr' | 'fast-plate-ocr'; outputs: readonly Readonly<{ name: string }>[] }>;

type AlprReadModel = Readonly<{
  name: string;
  decoder: 'alpr-read';
  input: Readonly<{ name: string; width: number; height: number }>;
  outputs: readonly Readonly<{ name: string }>[];
  alphabet: string;
  crop: Readonly<{ margin_x: number; margin_y: number }>;
  calibration: Readonly<{ temperature: number }>;
}>;

/** One plate in one picture; `plate` is its rectified crop where {@link Reader.rectify} has made it already. */
export type Look = Readonly<{ image: Image; corners: Quad; plate?: RgbImage | undefined }>;

/** Reads rectified plates. */
export interface Reader {
  /** The crop the network sees: corners with the model's margins, upright. */
  rectify(image: Image, corners: Quad): RgbImage;
  /** One Reading for each look, in order, in batches of the network. */
  read(looks: readonly Look[]): Promise<readonly Reading[]>;
}

/** Binds a loaded network to rectification and the decoding of both heads. Throws `MODEL_INVALID` for a model it cannot decode. */
export function createReader(parts: {
  session: Session;
  model: ReaderModel;
  options?: Partial<ReaderOptions>;
}): Reader {
  const { session, model } = parts;
  const options = { ...READER_DEFAULTS, ...parts.options };
  checkModel(model);
  const rectifyLook = (image: Image, corners: Quad) => {
    checkImage(image);
    return rectifyToImage(image, expandQuad(corners, model.crop.margin_x, model.crop.margin_y), model.input);
  };
  return {
    rectify: rectifyLook,
    async read(looks) {
      const readings: Reading[] = [];
      for (let from = 0; from < looks.length; from += options.maxBatch) {
        const batch = looks.slice(from, from + options.maxBatch);
        const plates = batch.map((look) => look.plate ?? rectifyLook(look.image, look.corners));
        const output = await session.run({ [model.input.name]: stackPlates(plates, model) });
        readings.push(...decodeBatch(output, { model, options, count: batch.length }));
      }
      return readings;
    },
  };
}

function stackPlates(plates: readonly RgbImage[], { input }: AlprReadModel): Tensor {
  const size = input.width * input.height * 3;
  const data = new Uint8Array(plates.length * size);
  for (const [index, plate] of plates.entries()) data.set(plate.data, index * size);
  return { type: 'uint8', dims: [plates.length, input.height, input.width, 3], data };
}

type Batch = Readonly<{ model: AlprReadModel; options: ReaderOptions; count: number }>;

function decodeBatch(output: Readonly<Record<string, Tensor>>, { model, options, count }: Batch): Reading[] {
  const slots = takeHead(output, 'slots', model, count);
  const ctc = takeHead(output, 'ctc', model, count);
  return Array.from({ length: count }, (_, index) => {
    const heads = { slots: takePlate(slots, index), ctc: takePlate(ctc, index) };
    return combineHeads({ ...heads, alphabet: model.alphabet, temperature: model.calibration.temperature }, options);
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
    throw new VisionError(
      'INFERENCE_FAILED',
      `${model.name} must answer '${name}' with float32 [${count}, n, ${classes}], but answered ${tensor ? `${tensor.type} [${tensor.dims}]` : 'nothing'}.`,
    );
  }
  return tensor;
}

function checkModel(model: ReaderModel): asserts model is AlprReadModel {
  const { name, decoder, outputs } = model;
  const missing = ['slots', 'ctc'].filter((head) => !outputs.some((output) => output.name === head));
  if (decoder !== 'alpr-read' || missing.length > 0) {
    throw new VisionError(
      'MODEL_INVALID',
      `The reader decodes 'alpr-read' with the outputs slots and ctc; ${name} is '${decoder}' and lacks [${missing}].`,
    );
  }
  const { alphabet, calibration } = model;
  if (alphabet.length < 1 || !(calibration.temperature > 0)) {
    throw new VisionError(
      'MODEL_INVALID',
      `${name} needs an alphabet and a temperature above 0, but has ${alphabet.length} characters and ${calibration.temperature}.`,
    );
  }
}
