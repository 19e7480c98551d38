import { z } from 'zod';
import { cameraStatusSchema } from '../live.ts';

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);
const moment = z.string().describe('UTC');

/** How many hours up to now are shown one by one. */
export const qualityQuerySchema = z.strictObject({ hours: z.coerce.number().int().min(1).max(168).default(24) });

const tallySchema = z.strictObject({ read: count, lost: count });

export type Tally = Readonly<z.infer<typeof tallySchema>>;

const quantity = z.enum(['confidence', 'region', 'sharpness', 'char_height']);

const driftSchema = z.strictObject({
  what: quantity,
  psi: z.number().nonnegative().describe('Population stability index, corrected for chance; 0.25 or more is drift'),
  reads: count.describe('Reads of the newest day that were compared'),
  reads_before: count.describe('Reads of the 14 days before'),
  now: z.number().nullable().describe('Mean; null for a region'),
  before: z.number().nullable(),
  bins: z
    .array(
      z.strictObject({
        low: z.number().nullable(),
        high: z.number().nullable(),
        region: z.string().nullable().describe('Empty where it is unknown; null for all other regions together'),
        now: share,
        before: share,
      }),
    )
    .readonly()
    .describe('Shares of the reads in each part of the range, or of each region'),
});

/** How the reads of the newest day differ in one quantity from those of the 14 days before. */
export type Drift = Readonly<z.infer<typeof driftSchema>>;

const adviceSchema = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('down'), state: z.string() }),
  z.strictObject({ code: z.literal('silent'), before: count.describe('Passages of the same 24 hours a week before') }),
  z.strictObject({ code: z.literal('fallen'), share, usual: share }),
  z.strictObject({
    code: z.literal('loss'),
    reason: z.string(),
    share: share.describe('Of all lost passages'),
    passages: count,
  }),
  z.strictObject({ code: z.literal('no_plate'), share, vehicles: count }),
  z.strictObject({ code: z.literal('small'), height: z.number(), needed: z.number() }).describe('Characters, pixels'),
  z.strictObject({ code: z.literal('night'), day: share, night: share }),
  z.strictObject({ code: z.literal('slow'), share: share.describe('Frames dropped'), provider: z.string() }),
  z.strictObject({ code: z.literal('clock'), seconds: z.number() }),
  z.strictObject({
    code: z.literal('drift'),
    what: quantity,
    region: z.string().nullable().describe('The region whose share changed most'),
    now: z.number().describe('Mean, or share of the region'),
    before: z.number(),
  }),
]);

/** How a camera read in the last 24 hours, and what to do about it. */
const cameraQualitySchema = z.strictObject({
  camera_id: z.string(),
  site_id: z.string(),
  passages: tallySchema.describe('Plates that were seen and read, or lost'),
  no_plate: count.describe('Vehicles that passed without a plate being seen'),
  share: share.nullable().describe('Of the passages that were read; null where there were too few'),
  before: tallySchema.describe('The same 24 hours a week before'),
  usual: share.nullable().describe('Median share of the 14 days before; null before three days with passages enough'),
  losses: z.record(z.string(), count).describe('Lost passages by reason'),
  day: tallySchema.describe('By the brightness and the colour of the picture'),
  night: tallySchema,
  confidence: share.nullable().describe('Mean of the reads'),
  doubtful: share.nullable().describe('Reads that wait for a review or had one, of the newest'),
  corrected: share.nullable().describe('Reads of 14 days that people corrected or rejected, of all'),
  char_height_px: z.number().nullable().describe('Median height of read characters'),
  drift: z
    .array(driftSchema)
    .readonly()
    .describe('Measured once an hour; empty with fewer than 100 reads on the newest day or 200 before'),
  clock_offset_s: z
    .number()
    .nullable()
    .describe('How far the clock of the camera’s machine is ahead of the database’s'),
  newest_at: moment.nullable().describe('The newest event'),
  days: z
    .array(tallySchema.extend({ at: moment }))
    .readonly()
    .describe('The last 15 days (UTC) with a passage, oldest first; the last one is not over'),
  status: cameraStatusSchema.nullable().describe('As its edge reports it; null where none has'),
  advice: z.array(adviceSchema).readonly().describe('What to look at, most urgent first'),
});

export type CameraQuality = Readonly<z.infer<typeof cameraQualitySchema>>;

/** What an operator should look at: a code with its figures. Shares are 0–1. */
export type Advice = CameraQuality['advice'][number];

/** Every camera that was heard of. */
export const qualityListSchema = z.strictObject({ cameras: z.array(cameraQualitySchema).readonly() });

export type QualityList = Readonly<z.infer<typeof qualityListSchema>>;

/** One camera with its hours and a sample of what it lost. */
export const qualityDetailSchema = z.strictObject({
  camera: cameraQualitySchema,
  by_hour: z
    .array(tallySchema.extend({ at: moment, before: tallySchema.describe('The same hour a week before') }))
    .readonly(),
  lost: z
    .array(
      z.strictObject({
        key: z.string().describe('Key of the picture, for `/images/{key}`'),
        at: moment,
        reason: z.string(),
        char_height_px: z.number(),
        sharpness: share,
      }),
    )
    .readonly()
    .describe('The newest plates that nobody could read'),
});

export type QualityDetail = Readonly<z.infer<typeof qualityDetailSchema>>;
