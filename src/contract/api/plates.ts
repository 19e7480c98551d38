import { z } from 'zod';
import { momentField } from './fields.ts';

const count = z.int();
const moment = z.iso.datetime().describe('UTC');

/** Which day is a day. */
export const plateHistoryQuerySchema = z.strictObject({
  time_zone: z
    .string()
    .regex(/^[A-Za-z0-9_+/-]{1,64}$/)
    .default('UTC')
    .describe('IANA name, such as Europe/Berlin; days are counted in this time zone'),
  from: momentField.optional(),
  to: momentField.optional(),
});

/** What someone wrote about a plate or an event. */
export const noteSchema = z.strictObject({
  id: z.uuid(),
  kind: z.enum(['note', 'tag']),
  text: z.string(),
  at: moment,
  by: z.string().describe('Name of the author'),
});

export type Note = Readonly<z.infer<typeof noteSchema>>;

/** Newest first. */
export const notesSchema = z.strictObject({ notes: z.array(noteSchema).readonly() });

/** A note, or a tag: one word or a few, once for each plate or event. */
export const newNoteSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('note'), text: z.string().trim().min(1).max(2000) }),
  z.strictObject({ kind: z.literal('tag'), text: z.string().trim().min(1).max(40) }),
]);

export type NewNote = Readonly<z.infer<typeof newNoteSchema>>;

export const noteParamsSchema = z.strictObject({ note: z.uuid().toLowerCase() });

/** Everything that is known of one plate, within the caller's scope. Its reads are listed by /events/plate/{text}. */
export const plateHistorySchema = z.strictObject({
  text: z.string(),
  reads: count.describe('Not counting retracted ones'),
  first_seen: moment.nullable(),
  last_seen: moment.nullable(),
  cameras: z
    .array(z.strictObject({ camera_id: z.string(), reads: count, first_seen: moment, last_seen: moment }))
    .readonly()
    .describe('Most reads first'),
  days: z
    .array(z.strictObject({ day: z.iso.date(), reads: count }))
    .readonly()
    .describe('Days with reads, newest first, at most 1000'),
  near: z
    .array(z.strictObject({ text: z.string(), reads: count, last_seen: moment }))
    .readonly()
    .describe('Texts that may be the same plate, most reads first, at most 20'),
  notes: z.array(noteSchema).readonly(),
});

export type PlateHistory = Readonly<z.infer<typeof plateHistorySchema>>;
