import { z } from 'zod';
import { ruleSchema } from '../rule.ts';
import { momentField } from './fields.ts';

const count = z.int().nonnegative();

/** A rule to be tried on what is stored, and the one that it would replace. */
export const backTestBodySchema = z.strictObject({
  rule: ruleSchema,
  before: ruleSchema.optional().describe('The rule as it is in force, to see what the change adds and takes away'),
  from: momentField,
  to: momentField,
});

const sample = z.strictObject({
  event_id: z.string(),
  detected_at: z.string(),
  camera_id: z.string(),
  text: z.string(),
  p: z.number().min(0).max(1).describe('Probability that the match is right'),
});

export type BackTestSample = Readonly<z.infer<typeof sample>>;

const samples = z.array(sample).readonly().describe('The newest');

/** What a rule would have done, as far as it is known. Each answer replaces the one before. */
export const backTestProgressSchema = z.strictObject({
  done: z.number().min(0).max(1).describe('Share of the work that is done; 1 in the last answer'),
  reads: count.describe('Reads that were held against the rule'),
  alerts: count,
  sent: count.describe('Alerts that neither the cooldown nor the quiet hours would have held back'),
  likely_false: z.number().nonnegative().describe('Alerts that are probably wrong: the sum of 1 − p'),
  by_day: z
    .array(z.strictObject({ day: z.iso.date(), alerts: count }))
    .readonly()
    .describe('Days of UTC with alerts'),
  by_hour: z.array(count).length(24).readonly().describe('By the hour of the day, UTC'),
  by_camera: z.array(z.strictObject({ camera_id: z.string(), alerts: count })).readonly(),
  samples,
  change: z
    .strictObject({ added: count, removed: count, added_samples: samples, removed_samples: samples })
    .nullable()
    .describe('Against the rule before; null without one'),
});

export type BackTestProgress = Readonly<z.infer<typeof backTestProgressSchema>>;

/** Lines of JSON, each a progress. */
export const backTestLinesSchema = z.unknown().meta({ type: 'string' });
