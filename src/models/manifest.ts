import { z } from 'zod';

const positive = z.int().min(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');
const plainFile = z
  .string()
  .regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/, 'expected a relative path below the folder of model.json');

const common = {
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'expected lower-case letters, digits, ".", "_" and "-"'),
  version: z.string().min(1),
  /** Path of the ONNX file, relative to model.json. */
  file: plainFile,
  sha256,
  bytes: positive,
  licence: z.string().min(1),
  input: z.strictObject({
    name: z.string().min(1),
    type: z.enum(['uint8', 'float32']),
    layout: z.enum(['NHWC', 'NCHW']),
    channels: z.enum(['RGB', 'BGR', 'GRAY']),
    width: positive,
    height: positive,
  }),
  /** -1 stands for a size that is not fixed. */
  outputs: z.array(z.strictObject({ name: z.string().min(1), shape: z.array(z.int().min(-1)) })).min(1),
  /** Raw scores are divided by the temperature in logit space, so that a confidence of 0.9 is right 9 times of 10. */
  calibration: z.strictObject({ temperature: z.number().positive() }).default({ temperature: 1 }),
  initialised_from: z.looseObject({ what: z.string(), sha256: sha256.nullable() }).optional(),
  training: z.unknown().optional(),
  data: z.array(z.looseObject({ name: z.string(), licence: z.string() })).default([]),
  metrics: z.array(z.looseObject({})).default([]),
  golden: plainFile.optional(),
};

const probability = z.number().min(0).max(1);

const detectManifestSchema = z.strictObject({
  ...common,
  task: z.literal('detect'),
  decoder: z.literal('alpr-detect'),
  classes: z.array(z.enum(['plate', 'car', 'truck', 'bus', 'motorcycle'])).min(1),
  thresholds: z.strictObject({ score: probability, iou: probability }),
});

const readManifestSchema = z.strictObject({
  ...common,
  task: z.literal('read'),
  decoder: z.literal('alpr-read'),
  /** The characters in the order of the network's outputs; the first output is "no character". */
  alphabet: z.string().min(1),
  /** How much of the plate's width and height is added on each side before it is read. */
  crop: z.strictObject({ margin_x: z.number().min(0).max(1), margin_y: z.number().min(0).max(1) }),
  thresholds: z.strictObject({ confidence: probability }).optional(),
});

/** `model.json`: what a network expects, what it gives, where it comes from and how well it was measured. */
export const manifestSchema = z.discriminatedUnion('task', [detectManifestSchema, readManifestSchema]);

type DetectManifest = Readonly<z.infer<typeof detectManifestSchema>>;
type ReadManifest = Readonly<z.infer<typeof readManifestSchema>>;
export type Manifest = DetectManifest | ReadManifest;
