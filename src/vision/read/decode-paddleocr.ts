import type { Quad } from '../box.ts';
import { AlprError } from '../errors.ts';
import { expandQuad, measureQuad, toQuad } from '../geometry.ts';
import type { Image, RgbImage } from '../image.ts';
import { type ModelInput, packPictures } from '../model-input.ts';
import type { Tensor } from '../session.ts';
import { countLines } from './decode-ctc.ts';
import { foldClasses, mapClasses } from './fold-classes.ts';
import type { Alphabet, HeadOutput } from './head.ts';
import { type DecoderParts, type PlateDecoder, takeOutput } from './plate-decoder.ts';
import { readHead } from './read-head.ts';
import type { Reading } from './reading.ts';
import { rectifyToImage } from './rectify.ts';

/** What the decoder needs to know of a PaddleOCR recogniser: the fields of `model.json` by their names there. */
export type PaddleOcrModel = Readonly<{
  name: string;
  decoder: 'paddleocr';
  input: ModelInput;
  outputs: readonly Readonly<{ name: string; shape: readonly number[] }>[];
  crop: Readonly<{ margin_x: number; margin_y: number }>;
  calibration: Readonly<{ temperature: number }>;
  /** The characters in the order of the network's outputs, after the blank. */
  dictionary: readonly string[];
  use_space_char: boolean;
  max_width: number;
  /** The characters that plates bear; what else the network reads is left out. */
  alphabet: Alphabet;
  /** Plates less than `below_aspect` times as wide as high are also read as two lines that share `overlap` rows. */
  two_lines: Readonly<{ below_aspect: number; overlap: number }>;
  max_batch?: number | undefined;
}>;

/**
 * Decodes PaddleOCR's text recognition, `[N, 3, 48, W]` → CTC `[N, T, 1 + dictionary (+ 1)]`: aspect kept, padded on the right
 * (Baidu, PaddleOCR, `resize_norm_img`). The network reads one line, so a plate of low aspect is also cut into two, and the
 * reading with the surer characters counts.
 */
export function createPaddleOcrDecoder({ session, model, options }: DecoderParts<PaddleOcrModel>): PlateDecoder {
  const { alphabet } = model;
  const temperature = model.calibration.temperature;
  const map = mapClasses(['', ...model.dictionary, ...(model.use_space_char ? [' '] : [])], alphabet);
  checkClasses(model, map.length);
  const readLines = async (lines: readonly RgbImage[]): Promise<HeadOutput[]> => {
    const feed = stackLines(lines, model);
    const answer = await session.run({ [model.input.name]: feed });
    const dims = [lines.length, 'n', map.length] as const;
    const { data } = takeOutput(answer, { model: model.name, name: model.outputs[0].name, dims });
    const size = data.length / lines.length;
    return lines.map((_, index) => foldClasses(data.subarray(index * size, (index + 1) * size), map, alphabet));
  };
  const readLine = (head: HeadOutput) => readHead({ kind: 'ctc', head, alphabet, temperature }, options);
  const readPlate = ([line, ...halves]: readonly HeadOutput[]): Reading => {
    const whole = readLine(line).reading;
    if (halves.length === 0) return whole;
    const joined = joinLines(halves, alphabet);
    const { reading, places } = readLine(joined);
    if (rateReading(reading) <= rateReading(whole)) return whole;
    return { ...reading, lines: places ? countLines(places, joined.rows) : 1 };
  };
  return {
    rectify: (image, corners) => rectifyPlate(image, corners, model),
    async read(plates) {
      const lines = plates.map((plate) => listLines(plate, model.input.height));
      const heads = await readByWidth(lines.flat(), model, readLines);
      const readings: Reading[] = [];
      for (const { length } of lines) readings.push(readPlate(heads.splice(0, length)));
      return readings;
    },
  };
}

function checkClasses({ name, outputs, dictionary, use_space_char: space }: PaddleOcrModel, expected: number): void {
  const classes = outputs[0].shape.at(-1) ?? -1;
  if (classes < 0 || classes === expected) return;
  const sum = `${dictionary.length} characters, the blank${space ? ' and the space' : ''} make ${expected} classes`;
  const advice = 'Give the dictionary that this network was trained with, and set use_space_char as it was';
  throw new AlprError('MODEL_INVALID', `${name}: ${sum}, but the network gives ${classes}. ${advice}.`);
}

/** The plate at the height of one line, or where it may have two at that of both. */
function rectifyPlate(
  image: Image,
  corners: Quad,
  { input, crop, two_lines: twoLines, max_width }: PaddleOcrModel,
): RgbImage {
  const quad = expandQuad(corners, crop.margin_x, crop.margin_y);
  const { width, height } = measureQuad(quad);
  const mayBeTwo = width < twoLines.below_aspect * height;
  const target = mayBeTwo ? 2 * input.height - twoLines.overlap : input.height;
  const wanted = Math.ceil((target * width) / Math.max(1, height));
  const most = input.sizes === 'fixed' ? input.width : Math.max(input.width, max_width);
  return rectifyToImage(image, quad, { width: Math.max(1, Math.min(most, wanted)), height: target });
}

/** The plate as one line, and where it is higher than that as its upper and its lower line. */
function listLines(plate: RgbImage, height: number): readonly RgbImage[] {
  if (plate.height <= height) return [plate];
  const whole = toQuad({ x0: 0, y0: 0, x1: plate.width, y1: plate.height });
  const width = Math.max(1, Math.round((plate.width * height) / plate.height));
  const size = plate.width * height * 3;
  const half = { kind: 'rgb24', width: plate.width, height } as const;
  return [
    rectifyToImage(plate, whole, { width, height }),
    { ...half, data: plate.data.subarray(0, size) },
    { ...half, data: plate.data.subarray(plate.data.length - size) },
  ];
}

/** The geometric mean of a character's probability: a text is not the better for being short. */
function rateReading({ text, confidence }: Reading): number {
  return text === '' ? 0 : confidence ** (1 / text.length);
}

type ReadLines = (lines: readonly RgbImage[]) => Promise<HeadOutput[]>;

/** Lines of the same padded width run together; what a line says does not depend on its neighbours. */
async function readByWidth(
  lines: readonly RgbImage[],
  { input, max_batch: most = lines.length }: PaddleOcrModel,
  read: ReadLines,
): Promise<HeadOutput[]> {
  const groups = Map.groupBy(lines.keys(), (index) => Math.max(input.width, lines[index].width));
  const heads: HeadOutput[] = new Array(lines.length);
  for (const group of groups.values()) {
    for (let from = 0; from < group.length; from += most) {
      const indices = group.slice(from, from + most);
      const answers = await read(indices.map((index) => lines[index]));
      for (const [at, index] of indices.entries()) heads[index] = answers[at];
    }
  }
  return heads;
}

/** One batch as wide as the widest line or the usual width, with zeros right of each line. */
function stackLines(lines: readonly RgbImage[], { input, name }: PaddleOcrModel): Tensor {
  const width = Math.max(input.width, ...lines.map((line) => line.width));
  const packed = lines.map((line) => packPictures([line], input));
  const depth = input.layout === 'NHWC' ? 3 : 1;
  const dims = packed[0].dims.with(0, lines.length).with(input.layout === 'NHWC' ? 2 : 3, width);
  const size = dims.reduce((product, side) => product * side, 1) / lines.length;
  const data = new Float32Array(size * lines.length);
  for (const [index, tensor] of packed.entries()) {
    if (tensor.type !== 'float32')
      throw new AlprError('MODEL_INVALID', `${name} must take float32, as PaddleOCR exports do.`);
    const row = lines[index].width * depth;
    for (let y = 0; y * row < tensor.data.length; y += 1)
      data.set(tensor.data.subarray(y * row, (y + 1) * row), index * size + y * width * depth);
  }
  return { type: 'float32', dims, data };
}

/** Lines one after the other, with a blank row between them so that the same character at both ends stays two. */
function joinLines([upper, lower]: readonly HeadOutput[], alphabet: Alphabet): HeadOutput {
  const classes = alphabet.length + 1;
  const data = new Float32Array((upper.rows + 1 + lower.rows) * classes);
  data.set(upper.data);
  data[upper.data.length] = 1;
  data.set(lower.data, upper.data.length + classes);
  return { data, rows: upper.rows + 1 + lower.rows, classes };
}
