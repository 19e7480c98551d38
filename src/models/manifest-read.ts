import { z } from 'zod';
import { commonFields, plainFile, positive, probability } from './manifest-common.ts';
import { completeInput, describeInput, type InputDefaults } from './manifest-input.ts';

const OWN_INPUT = { type: 'uint8', layout: 'NHWC', channels: 'RGB', sizes: 'fixed' } as const;
const PADDLE_INPUT = {
  type: 'float32',
  layout: 'NCHW',
  channels: 'BGR',
  sizes: 'dynamic',
  scale: 1 / 255,
  mean: 0.5,
  std: 0.5,
} as const;
const SLOTS_INPUT = { type: 'uint8', layout: 'NHWC', channels: 'GRAY', sizes: 'fixed' } as const;

const margin = z.number().min(0).max(1);

function describeReader<Decoder extends string>(decoder: Decoder, input: InputDefaults) {
  return z.strictObject({
    ...commonFields,
    task: z.literal('read'),
    decoder: z.literal(decoder),
    input: z.strictObject(describeInput(input)).transform(completeInput(input)),
    /** How much of the plate's width and height is added on each side before it is read. */
    crop: z.strictObject({ margin_x: margin.default(0), margin_y: margin.default(0) }).prefault({}),
    /** Codes of the countries or states in the order of the output `regions`. */
    regions: z.array(z.string().min(1)).min(1).optional(),
    thresholds: z.strictObject({ confidence: probability }).optional(),
  });
}

/** The decoders of readers. N is the number of plates in a batch. */
export const readSchemas = [
  /** `slots` [N, S, C] and `ctc` [N, T, C], C = 1 + alphabet; optional `regions` [N, R] and `legibility` [N, 1]. */
  describeReader('alpr-read', OWN_INPUT).extend({
    /** The characters in the order of the network's outputs; the first output is "no character". */
    alphabet: z.string().min(1),
  }),
  /** PaddleOCR recognition: CTC `[N, T, 1 + dictionary (+ 1 space)]`, output 0 is the blank. */
  describeReader('paddleocr', PADDLE_INPUT).extend({
    /** The characters, or the file that holds one a line. */
    dictionary: z.union([z.array(z.string().min(1)).min(1), z.strictObject({ file: plainFile })]),
    /** Whether a space follows the dictionary. */
    use_space_char: z.boolean().default(true),
    /** Width in pixels up to which the input grows for long plates where its sizes are dynamic. */
    max_width: positive.default(960),
  }),
  /** fast-plate-ocr: `[N, slots × alphabet]` or `[N, slots, alphabet]`. */
  describeReader('fast-plate-ocr', SLOTS_INPUT).extend({
    /** The characters in the order of the network's outputs, with the one that fills empty slots. */
    alphabet: z.string().min(2),
    pad_char: z.string().length(1).default('_'),
    slots: positive,
  }),
] as const;
