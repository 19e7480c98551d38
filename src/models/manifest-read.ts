import { z } from 'zod';
import type { PerChannel } from '../vision/model-input.ts';
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

const PLATE_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const margin = z.number().min(0).max(1);
const level = z.int().min(0).max(255);

function describeReader<Decoder extends string>(decoder: Decoder, input: InputDefaults) {
  return z.strictObject({
    ...commonFields,
    task: z.literal('read'),
    decoder: z.literal(decoder),
    input: z.strictObject(describeInput(input)).transform(completeInput(input)),
    /** How much is added around the plate before it is read, as a share of its width and height on each side. */
    crop: z.strictObject({ margin_x: margin.default(0), margin_y: margin.default(0) }).prefault({}),
    /** Most plates in one run, where the network takes fewer than `vision.reader.max_batch`. */
    max_batch: positive.optional(),
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
    /** The characters, or the file that lists them, one on each line. */
    dictionary: z.union([z.array(z.string().min(1)).min(1), z.strictObject({ file: plainFile })]),
    /** Whether a space follows the dictionary. */
    use_space_char: z.boolean().default(true),
    /** Width in pixels up to which a dynamic input grows for long plates. */
    max_width: positive.default(960),
    /** The characters of plates; others in the dictionary are read and dropped. */
    alphabet: z.string().min(1).default(PLATE_ALPHABET),
    /**
     * Plates less than `below_aspect` times as wide as high are also read as two lines that share `overlap` rows, and
     * the more certain reading wins; 0 never splits.
     */
    two_lines: z
      .strictObject({ below_aspect: z.number().min(0).default(2.6), overlap: z.int().min(0).max(24).default(8) })
      .prefault({}),
  }),
  /** fast-plate-ocr: `[N, slots × alphabet]` or `[N, slots, alphabet]`, optional `region` [N, R]. */
  describeReader('fast-plate-ocr', SLOTS_INPUT).extend({
    /** The characters in the order of the network's outputs, including the one for empty slots. */
    alphabet: z.string().min(2),
    pad_char: z.string().length(1).default('_'),
    slots: positive,
    /** Whether plates keep their shape, with a plain colour around them, or are stretched to the input. */
    keep_aspect_ratio: z.boolean().default(false),
    /** That colour: one level (0–255), or red, green and blue. */
    padding_color: z
      .union([level, z.tuple([level, level, level])])
      .default(114)
      .transform((colour): PerChannel => (typeof colour === 'number' ? [colour, colour, colour] : colour)),
  }),
] as const;
