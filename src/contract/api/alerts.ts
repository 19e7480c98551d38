import { z } from 'zod';
import { alertSchema } from '../alert.ts';
import { idSchema, severitySchema } from '../rule.ts';
import { cameraField, cursorField, limitField, momentField, plateField } from './fields.ts';

const moment = z.iso.datetime({ precision: 3 });
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** What people did with an alert. */
const handledSchema = z.strictObject({
  acknowledged: z.strictObject({ by: z.string(), at: moment }).nullable(),
  verified: z
    .strictObject({ by: z.string(), at: moment })
    .nullable()
    .describe('Who compared the picture with the text'),
  note: z.string().nullable(),
  was_right: z.boolean().nullable(),
});

/** An alert and what people did with it. */
export const keptAlertSchema = z.strictObject({ alert: alertSchema, handled: handledSchema });

export type KeptAlert = Readonly<z.infer<typeof keptAlertSchema>>;

/** Which alerts, newest first. */
export const alertsQuerySchema = z.strictObject({
  rule: idSchema.optional(),
  severity: severitySchema.optional(),
  status: z.enum(['raised', 'corrected', 'withdrawn']).optional(),
  camera: cameraField.optional(),
  plate: plateField.optional(),
  from: momentField.optional(),
  to: momentField.optional(),
  open: flag.optional().describe('Whether it stands and nobody has acknowledged it'),
  held_back: flag.optional().describe('Whether it was sent to nobody'),
  limit: limitField,
  cursor: cursorField,
});

export const alertPageSchema = z.strictObject({
  alerts: z.array(keptAlertSchema).readonly(),
  next: z.string().nullable(),
});

/** Events of a list that is shown, up to 500, with commas between. */
export const ofEventsQuerySchema = z.strictObject({
  ids: z
    .string()
    .max(37 * 500)
    .transform((text) => text.toLowerCase().split(','))
    .pipe(z.array(z.uuid()).min(1).max(500)),
});

/** The alerts of each event that has some. */
export const ofEventsSchema = z.strictObject({
  events: z.record(
    z.uuid(),
    z.array(
      z.strictObject({
        alert_id: z.uuid(),
        rule: z.string(),
        severity: severitySchema,
        status: z.enum(['raised', 'corrected', 'withdrawn']),
        entry: z.string().nullable().describe('Name of the entry that it was found by'),
      }),
    ),
  ),
});

export const alertParamsSchema = z.strictObject({ alert: z.uuid().toLowerCase() });

/** What somebody does with an alert: the fields that are given. */
export const handleAlertSchema = z
  .strictObject({
    acknowledged: z.boolean(),
    verified: z.boolean().describe('That the caller has compared the picture with the text'),
    note: z.string().trim().max(2000).nullable(),
    was_right: z.boolean().nullable().describe('What the precision of the rule is counted from'),
  })
  .partial();

export type HandleAlert = Readonly<z.infer<typeof handleAlertSchema>>;

/** What is silenced: a rule, a plate, or a plate for one rule. */
export const newMuteSchema = z
  .strictObject({
    rule: idSchema.nullable().default(null),
    plate: plateField.nullable().default(null),
    until: momentField.nullable().describe('Null means until somebody ends it'),
  })
  .refine(({ rule, plate }) => rule !== null || plate !== null, 'expected a rule, a plate or both');

export type NewMute = Readonly<z.infer<typeof newMuteSchema>>;

const muteSchema = z.strictObject({
  id: z.uuid(),
  rule: z.string().nullable(),
  plate: z.string().nullable(),
  until: moment.nullable(),
  by: z.string(),
  at: moment,
});

export type Mute = Readonly<z.infer<typeof muteSchema>>;

export const freshMuteSchema = muteSchema;
export const mutesSchema = z.strictObject({ mutes: z.array(muteSchema).readonly() });
export const muteParamsSchema = z.strictObject({ mute: z.uuid().toLowerCase() });
