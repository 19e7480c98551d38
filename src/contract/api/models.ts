import { z } from 'zod';
import { cameraField, cursorField, valueField } from './fields.ts';
import { modelVersionSchema, runningModelSchema } from './system.ts';

const timestamp = z.iso.datetime({ precision: 3 }).describe('UTC, milliseconds');
const share = z.number().min(0).max(1);
const count = z.int().min(0);
const modelField = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected the name of a model');
const versionField = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, 'expected a version of a model');
const idField = z.string().describe('name@first 12 hex digits of sha256');

export const modelParamsSchema = z.strictObject({ model: modelField });

/** What is known of a version before it runs. */
const cardSchema = z.strictObject({
  model_version: z.string().describe('The version in its `model.json`'),
  task: z.enum(['detect', 'read', 'words']),
  licence: z.string(),
  trained_from: z.string().nullable(),
  data: z.array(z.strictObject({ name: z.string(), licence: z.string(), sha256: z.string().nullable() })).readonly(),
  metrics: z
    .array(z.strictObject({ set: z.string(), metric: z.string(), value: z.number(), n: z.number().nullable() }))
    .readonly(),
});

const versionSchema = z.strictObject({
  model: z.string(),
  version: z.string().describe('Its number in the registry'),
  id: idField,
  created_at: z.string(),
  aliases: z.array(z.enum(['champion', 'challenger'])).readonly(),
  canary_cameras: z.array(z.string()).readonly().describe('Cameras that run it although it is not the champion'),
  champion_at: z.string().nullable().describe('When it last became the champion'),
  rolled_back_at: z.string().nullable().describe('When it was rolled back since'),
  bytes: count,
  card: cardSchema.nullable().describe('Null where it cannot be read'),
  fault: z.string().nullable().describe('Why it must not run; null where it may'),
});

export type ShownVersion = Readonly<z.infer<typeof versionSchema>>;

const countsSchema = z.strictObject({
  compared: count.describe('Final events that both have read'),
  differing: count.describe('Of these: read differently'),
  reviewed: count.describe('Of these: decided by a person'),
  reader_right: count.describe('Of these: the reader is right'),
  challenger_right: count.describe('Of these: the challenger is right; of the rest neither is'),
});

export type ShadowCounts = Readonly<z.infer<typeof countsSchema>>;

const judgementSchema = countsSchema.extend({
  p: share.describe('McNemar’s exact test: how likely such figures would be if both were equally good'),
  verdict: z
    .enum(['better', 'worse', 'open'])
    .describe('`open` while too few differences are reviewed, or they may be chance'),
});

/** What the rule makes of the reviewed differences. */
export type Judgement = Readonly<z.infer<typeof judgementSchema>>;

const decisionSchema = z.strictObject({
  at: timestamp,
  model: z.string(),
  version: z.string(),
  action: z.enum(['promote', 'canary', 'rollback', 'refuse']),
  cameras: z.array(z.string()).readonly(),
  by: z.string().nullable().describe('Null where the rule decided'),
  figures: judgementSchema.nullable(),
});

/** What somebody, or the rule, decided on a version. */
export type ModelDecision = Readonly<z.infer<typeof decisionSchema>>;

/** All versions of all models, which process runs which, and what was decided. */
export const modelListSchema = z.strictObject({
  registry: z.string().describe('Its kind: `folder` or `mlflow`'),
  versions: z.array(versionSchema).readonly().describe('The newest of each model first'),
  fleet: z
    .array(
      z.strictObject({
        site_id: z.string(),
        service: z.string(),
        instance: z.string(),
        reported_at: timestamp,
        is_silent: z.boolean(),
        models: z.array(runningModelSchema).readonly(),
        model_versions: z.array(modelVersionSchema).readonly(),
      }),
    )
    .readonly()
    .describe('Processes that run models, as reported by themselves'),
  decisions: z.array(decisionSchema).readonly().describe('The newest first'),
  rule: z
    .strictObject({ automatic: z.boolean(), min_reviewed: count, p: share, canary_hours: z.number() })
    .describe('`models.promotion` of the configuration'),
});

export type ModelList = Readonly<z.infer<typeof modelListSchema>>;

export const shadowQuerySchema = z.strictObject({
  reader: z.string().min(1).max(200).optional().describe('Id of the reader; by default that of the newest pair'),
  challenger: z.string().min(1).max(200).optional(),
  camera: cameraField.optional(),
  region: valueField.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Differences per page, 1–100'),
  cursor: cursorField,
});

const pairSchema = z.strictObject({
  reader: idField,
  challenger: idField,
  compared: count,
  differing: count,
  newest_at: timestamp,
});

/** A reader and a challenger of which reads are stored. */
export type ShadowPair = Readonly<z.infer<typeof pairSchema>>;

const groupSchema = countsSchema.extend({
  by: z.enum(['camera', 'region', 'length', 'confidence']),
  name: z
    .string()
    .describe(
      'The camera, the region (empty where it is unknown), the number of characters, or the lower bound of a tenth',
    ),
});

/** The counts of reads that have something in common. */
export type ShadowGroup = Readonly<z.infer<typeof groupSchema>>;

const saidSchema = z.strictObject({ text: z.string(), confidence: share.nullable() });

const differenceSchema = z.strictObject({
  event_id: z.string(),
  site_id: z.string(),
  camera_id: z.string(),
  camera_name: z.string(),
  detected_at: timestamp,
  region: z.string().nullable(),
  picture: z.strictObject({ key: z.string(), w: z.number(), h: z.number() }).nullable().describe('Of the plate'),
  reader: saidSchema.describe('Its confidence is null where a person has decided'),
  challenger: saidSchema,
  truth: z.string().nullable().describe('The text that a person confirmed or entered; null if not reviewed'),
  right: z.enum(['reader', 'challenger', 'neither']).nullable(),
});

/** An event that the challenger read otherwise. */
export type ShadowDifference = Readonly<z.infer<typeof differenceSchema>>;

/** How a challenger and the reader compare. */
export const shadowSchema = z.strictObject({
  pairs: z.array(pairSchema).readonly().describe('All of this model, the newest first'),
  pair: pairSchema.nullable().describe('The pair shown; null if nothing was compared'),
  judgement: judgementSchema.nullable(),
  groups: z.array(groupSchema).readonly(),
  differences: z.array(differenceSchema).readonly(),
  next: z.string().nullable().describe('Cursor of the next page, null at the end'),
});

export type ShadowAnswer = Readonly<z.infer<typeof shadowSchema>>;

export const promotionSchema = z.strictObject({ version: versionField });

export const canarySchema = z.strictObject({
  version: versionField,
  cameras: z.array(cameraField).max(200).describe('Cameras that run it; an empty list ends the canary'),
});

export const rollBackQuerySchema = z.strictObject({
  version: versionField
    .optional()
    .describe('The challenger, or the version on chosen cameras, whose trial ends; the champion stays'),
});

/** The versions of the model after the change. */
export const changedModelSchema = z.strictObject({ versions: z.array(versionSchema).readonly() });
