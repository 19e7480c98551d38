import { z } from 'zod';
import { plateEventSchema } from '../plate-event.ts';
import { cameraField, cursorField, limitField, plateField } from './fields.ts';

/** Which page of a list. */
export const pageQuerySchema = z.strictObject({ limit: limitField, cursor: cursorField });

/** Which page of the newest events, of one camera or of all. */
export const recentQuerySchema = pageQuerySchema.extend({
  camera: cameraField.optional(),
  misdated: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Instead of all others those events whose time cannot be: before 2010 or more than a day ahead'),
});

export const plateParamsSchema = z.strictObject({ text: plateField });

export const eventParamsSchema = z.strictObject({ id: z.uuid().toLowerCase() });

/** One page of events. */
export const eventPageSchema = z.strictObject({
  events: z.array(plateEventSchema),
  next: z.string().nullable().describe('Cursor of the next page, null at the end'),
});

export type EventPage = Readonly<z.infer<typeof eventPageSchema>>;

/** The newest revision of an event, and all its revisions in order. */
export const eventHistorySchema = z.strictObject({
  event: plateEventSchema,
  revisions: z.array(plateEventSchema),
  misdated: z.boolean().describe('Whether its time cannot be: before 2010 or more than a day ahead'),
});

export type EventHistory = Readonly<z.infer<typeof eventHistorySchema>>;
