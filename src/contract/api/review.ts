import { z } from 'zod';
import { plateEventSchema } from '../plate-event.ts';
import { cameraField, momentField, plateField, valueField } from './fields.ts';

const reasonField = z.string().trim().min(1).max(500).describe('Why; recorded in the revision');

/** The revision that the person saw: 409 CONFLICT where a newer one exists. */
const seen = { revision: z.int().min(1) };

/** What a person decides on a read. */
export const decisionSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('confirm').describe('The text is right. Brings back an event that a person rejected'),
    reason: reasonField.optional(),
    ...seen,
  }),
  z.strictObject({ action: z.literal('correct'), text: plateField, reason: reasonField, ...seen }),
  z.strictObject({ action: z.literal('reject').describe('It is not a plate'), reason: reasonField, ...seen }),
  z.strictObject({
    action: z.literal('merge').describe('It is the same passage as another event, which stays'),
    into: z.uuid().toLowerCase().describe('The event that stays'),
    reason: reasonField,
    ...seen,
  }),
]);

export type Decision = Readonly<z.infer<typeof decisionSchema>>;

/** The revision that a decision made. */
export const decidedSchema = z.strictObject({
  event: plateEventSchema,
  stored: z.boolean().describe('False with status 202: it is on the bus, but not stored in the database yet'),
});

export type Decided = Readonly<z.infer<typeof decidedSchema>>;

const queueOrderSchema = z.enum(['teaching', 'doubt']);

/** `teaching`: doubt times novelty, which is how seldom people have decided on its like; or doubt alone. */
export type QueueOrder = z.infer<typeof queueOrderSchema>;

/** Which reads are offered for review. */
export const queueQuerySchema = z.strictObject({
  camera: cameraField.optional(),
  site: valueField.optional(),
  region: valueField.optional(),
  from: momentField.optional(),
  to: momentField.optional(),
  order: queueOrderSchema
    .default('teaching')
    .describe('`teaching`: doubt times how rarely people have reviewed similar reads; `doubt`: doubt alone'),
  limit: z.coerce.number().int().min(1).max(50).default(10),
});

const doubtReasonSchema = z.enum(['confidence', 'alternatives', 'format', 'incomplete', 'challenger']);

/** Why a read is in doubt: low confidence, another text nearly as likely, a text that no numbering allows, a cut plate, a challenger that reads another one. */
export type DoubtReason = z.infer<typeof doubtReasonSchema>;

/** Reads that are the caller's until `until`: others are not offered them. The same request again prolongs that. */
export const queueSchema = z.strictObject({
  reads: z
    .array(
      z.strictObject({
        event: plateEventSchema,
        doubt: z.number().min(0).max(1),
        why: z.array(doubtReasonSchema).readonly(),
      }),
    )
    .readonly(),
  until: z.iso
    .datetime()
    .nullable()
    .describe('Until when these reads are reserved for the caller; null if there are none'),
  waiting: z.int().describe('Number of waiting reads including these; counted up to 1000'),
});

export type Queue = Readonly<z.infer<typeof queueSchema>>;
