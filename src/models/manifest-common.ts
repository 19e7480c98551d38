import { z } from 'zod';

export const positive = z.int().min(1);
export const probability = z.number().min(0).max(1);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');
export const plainFile = z
  .string()
  .regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/, 'expected a relative path below the folder of model.json');

const weight = z.number().min(0);

/** `logit q = a·ln p − b·ln(1 − p) + c (+ readable · logit of the legibility head)`: see `ConfidenceCurve`. */
const curve = z.strictObject({ a: weight, b: weight, c: z.number(), readable: z.number().optional() });

/** The fields of every model.json, for any task. */
export const commonFields = {
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'expected lower-case letters, digits, ".", "_" and "-"'),
  version: z.string().min(1),
  /** Path of the ONNX file, relative to model.json. */
  file: plainFile,
  sha256,
  bytes: positive,
  licence: z.string().min(1),
  /** -1 is a size that is not fixed. */
  outputs: z.array(z.strictObject({ name: z.string().min(1), shape: z.array(z.int().min(-1)) })).min(1),
  /**
   * Makes a confidence of 0.9 right nine times out of ten. The logarithms of the heads are divided by the temperature;
   * the curves then map the confidence of one reading, and of a passage of several, to the share of such texts that is
   * right.
   */
  calibration: z
    .strictObject({ temperature: z.number().positive(), reading: curve.optional(), passage: curve.optional() })
    .default({ temperature: 1 }),
  initialised_from: z.looseObject({ what: z.string(), sha256: sha256.nullable() }).optional(),
  training: z.unknown().optional(),
  data: z.array(z.looseObject({ name: z.string(), licence: z.string() })).default([]),
  metrics: z.array(z.looseObject({})).default([]),
  golden: plainFile.optional(),
};
