import { z } from 'zod';
import { pictureSchema } from './fields.ts';

const share = z.number().min(0).max(1);
const box = z.object({ xmin: z.int(), ymin: z.int(), xmax: z.int(), ymax: z.int() });

/** A picture as clients of Plate Recognizer's Snapshot API send it; what they say besides is taken and not used. */
export const snapshotBodySchema = z.looseObject({
  upload: pictureSchema.optional().describe('The picture: the one file of a form, or base64'),
  upload_url: z.url().max(2048).optional().describe('Where the picture is'),
  camera_id: z.string().max(200).optional(),
  timestamp: z.string().max(64).optional().describe('When the picture was taken, ISO 8601'),
});

/** What an address of theirs may end with, so that their pictures become events. */
export const snapshotQuerySchema = z.strictObject({
  event: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether each plate becomes an event of the camera `camera_id`, or of `camera`'),
  camera: z.string().min(1).max(64).optional(),
});

/** What Plate Recognizer's Snapshot API answers. */
export const snapshotSchema = z.object({
  processing_time: z.number().describe('Milliseconds'),
  timestamp: z.string(),
  version: z.literal(1),
  camera_id: z.string().nullable(),
  filename: z.string(),
  results: z.array(
    z.object({
      box,
      plate: z.string().describe('Lower case'),
      region: z.object({ code: z.string(), score: share }),
      score: share,
      dscore: share,
      candidates: z.array(z.object({ plate: z.string(), score: share })),
      vehicle: z.object({ type: z.string(), score: share, box: box.nullable() }),
    }),
  ),
  usage: z
    .object({ calls: z.int(), max_calls: z.int() })
    .describe('Pictures since the program started; there is no limit of a month'),
});

export type Snapshot = Readonly<z.infer<typeof snapshotSchema>>;

/** A picture as clients of CodeProject.AI send it. */
export const alprBodySchema = z.looseObject({
  upload: pictureSchema.optional().describe('The picture: the one file of a form, or base64'),
  min_confidence: z.coerce.number().min(0).max(1).default(0),
});

const answered = {
  success: z.boolean(),
  code: z.int(),
  moduleId: z.string(),
  moduleName: z.string(),
  command: z.string(),
  processedBy: z.string(),
  timestampUTC: z.string(),
};

/** What CodeProject.AI answers with the plates of a picture. */
export const alprSchema = z.object({
  ...answered,
  message: z.string(),
  count: z.int(),
  predictions: z.array(
    z.object({
      label: z.string(),
      plate: z.string(),
      confidence: share,
      x_min: z.int(),
      y_min: z.int(),
      x_max: z.int(),
      y_max: z.int(),
      top_plates: z.array(z.object({ plate: z.string(), confidence: share })),
    }),
  ),
  inferenceMs: z.int(),
  processMs: z.int(),
  analysisRoundTripMs: z.int(),
  inferenceDevice: z.string(),
  canUseGPU: z.boolean(),
});

export type Alpr = Readonly<z.infer<typeof alprSchema>>;

/** Its list of custom models: there are none. */
export const customModelsSchema = z.object({ ...answered, models: z.array(z.string()) });

export type CustomModels = Readonly<z.infer<typeof customModelsSchema>>;

/** That it is there, and needs no newer version. */
export const aiStatusSchema = z.object({
  success: z.boolean(),
  code: z.int(),
  message: z.string(),
  updateAvailable: z.boolean(),
});
