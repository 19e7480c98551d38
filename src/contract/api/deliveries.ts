import { z } from 'zod';
import { idSchema } from '../rule.ts';
import { cursorField, limitField, momentField } from './fields.ts';

const moment = z.iso.datetime({ precision: 3 });
const stateSchema = z.enum(['waiting', 'sent', 'dead', 'dropped']);

/** One message to one channel, and what came of it. */
export const deliverySchema = z.strictObject({
  id: z.string(),
  channel: z.string().describe('Id of the channel'),
  alert_id: z.uuid().nullable().describe('Null where somebody only tried the channel'),
  status: z.enum(['raised', 'corrected', 'withdrawn']),
  rule: z.string().describe('Name of the rule'),
  plate: z.string().nullable(),
  camera: z.string().nullable(),
  state: stateSchema.describe(
    '`waiting` until it is `sent`; `dead` when it was refused or nobody took it in time, a trial at its only attempt; `dropped` when a later revision took its place',
  ),
  attempts: z.int().min(0),
  created_at: moment,
  next_at: moment.nullable().describe('When it is tried again'),
  ended_at: moment.nullable(),
  recipient: z.string().nullable().describe('To whom it went'),
  answer: z.string().nullable().describe('What the other side answered, or why it did not take it'),
});

export type Delivery = Readonly<z.infer<typeof deliverySchema>>;

/** Which messages, newest first. */
export const deliveriesQuerySchema = z.strictObject({
  channel: idSchema.optional(),
  state: stateSchema.optional(),
  alert: z.uuid().toLowerCase().optional(),
  from: momentField.optional(),
  to: momentField.optional(),
  limit: limitField,
  cursor: cursorField,
});

export const deliveryPageSchema = z.strictObject({
  deliveries: z.array(deliverySchema).readonly(),
  next: z.string().nullable(),
});

/** Dead messages to send off again: those named, or all of a channel. */
export const replaySchema = z.union([
  z.strictObject({
    ids: z
      .array(z.string().regex(/^\d{1,18}$/))
      .min(1)
      .max(500),
  }),
  z.strictObject({ channel: idSchema }),
]);

export type Replay = Readonly<z.infer<typeof replaySchema>>;
