import { z } from 'zod';
import { cursorField, limitField, momentField, plateField } from './fields.ts';

const count = z.number().int().nonnegative();
const bytes = count.describe('Approximate size in bytes');
const moment = z.iso.datetime().describe('UTC');

/** A sentence that a person writes down. */
const sentence = z.string().trim().min(3).max(500);

/** The places where a plate lives, in the order in which they are walked. */
export const placeNameSchema = z.enum([
  'events',
  'revisions',
  'texts',
  'statistics',
  'pictures',
  'waiting_pictures',
  'lost_looks',
  'search_index',
  'spool',
  'topics',
  'letters',
  'alerts',
  'holds',
  'notes',
  'searches',
  'audit',
]);

export type PlaceName = z.infer<typeof placeNameSchema>;

/** Why an event is kept: as long as any other, or longer because of an alert, a hold or a case. */
export const retentionClassSchema = z.enum(['non_hit', 'hit', 'hold', 'case']);

export type RetentionClass = z.infer<typeof retentionClassSchema>;

/** How much of something is in a place. */
export const amountSchema = z.strictObject({ count, bytes });

export type Amount = Readonly<z.infer<typeof amountSchema>>;

const placeAmountSchema = amountSchema.extend({
  place: placeNameSchema,
  what: z.string().describe('What is counted, such as `rows`'),
  note: z.string().nullable().describe('What cannot be counted or removed there, and until when it stays'),
});

/** One place, and how much is in it. */
export type PlaceAmount = Readonly<z.infer<typeof placeAmountSchema>>;

/** Every place with what is in it altogether. */
export const inventorySchema = z.strictObject({ places: z.array(placeAmountSchema).readonly() });

export type Inventory = Readonly<z.infer<typeof inventorySchema>>;

/** What retention would remove now, and after how many days each class goes. */
export const retentionReportSchema = z.strictObject({
  at: moment,
  days: z.strictObject({
    events: z.number().nullable().describe('Age at which events without a hold are removed; null means never'),
    pictures: z.number().nullable().describe('The same for their pictures'),
    pseudonyms: z.number().nullable().describe('Age at which their plates become pseudonyms; null means never'),
    hit: z.number().nullable().describe('Age up to which events with an alert are kept; null means like all others'),
    hold: z.number().nullable().describe('How long a hold without an end lasts; null means for ever'),
    case: z.number().nullable().describe('The same for a case'),
  }),
  places: z.array(placeAmountSchema.extend({ before: moment.nullable() })).readonly(),
  held: count.describe('Events old enough to be removed, but kept by a hold'),
});

export type RetentionReport = Readonly<z.infer<typeof retentionReportSchema>>;

/** Everything on one plate, or one event. */
export const subjectSchema = z.union(
  [z.strictObject({ plate: plateField }), z.strictObject({ event: z.uuid().toLowerCase() })],
  'expected either {"plate": "AB12CDE"} or {"event": "<its id>"}',
);

export type Subject = Readonly<z.infer<typeof subjectSchema>>;

/** A new hold. */
export const newHoldSchema = z.strictObject({
  subject: subjectSchema,
  class: retentionClassSchema.exclude(['non_hit', 'hit']).default('hold'),
  reason: sentence,
  case_number: z.string().trim().min(1).max(64).nullable().default(null),
  until: momentField
    .nullable()
    .default(null)
    .describe('When it ends; by default after the days configured for its class'),
});

/** What keeps events from being removed. */
export const holdSchema = z.strictObject({
  id: z.uuid(),
  plate: z.string().nullable().describe('Null for the hold of one event, and after a hold has ended'),
  event: z.uuid().nullable(),
  class: retentionClassSchema,
  reason: z.string(),
  case_number: z.string().nullable(),
  by: z.string().describe('Who set it'),
  at: moment,
  until: moment.nullable(),
  ended_at: moment.nullable(),
  ended_by: z.string().nullable(),
  events: count.describe('Events it keeps at the moment'),
});

export type Hold = Readonly<z.infer<typeof holdSchema>>;

/** Holds, the newest first. */
export const holdListSchema = z.strictObject({ holds: z.array(holdSchema).readonly() });

export const holdListQuerySchema = z.strictObject({
  ended: z.enum(['true', 'false']).default('false').describe('List ended holds instead of those in force'),
});

export const privacyIdParams = z.strictObject({ id: z.uuid().toLowerCase() });

/** An erasure, tried first or done. */
export const newErasureSchema = z.strictObject({
  subject: subjectSchema,
  reason: sentence,
  dry_run: z.boolean().describe('Only say what would be erased'),
  scrub: z
    .boolean()
    .default(false)
    .describe('Also rewrite the tables and log of the database, leaving no freed bytes; slower'),
});

const erasedPlaceSchema = placeAmountSchema.extend({
  until: moment.nullable().describe('When the rest, which cannot be erased there, will be gone'),
});

/** What was found or erased in one place. */
export type ErasedPlace = Readonly<z.infer<typeof erasedPlaceSchema>>;

/** What an erasure found or did, without the plate: a keyed hash stands for it. */
export const erasureReportSchema = z.strictObject({
  version: z.literal(1),
  id: z.uuid().nullable().describe('Null for a dry run'),
  at: moment,
  by: z.string(),
  reason: z.string(),
  subject: z.strictObject({
    kind: z.enum(['plate', 'event']),
    hash: z.string().describe('HMAC-SHA-256 of the plate, in hex, under a key that stays here; an event’s id as is'),
  }),
  events: count,
  corrected_away: count.describe('Of these, events first read as this plate but finally as another'),
  other_readings: count.describe('Events of other plates in which this one is a possible reading; they stay'),
  first_seen: moment.nullable(),
  last_seen: moment.nullable(),
  places: z.array(erasedPlaceSchema).readonly(),
  scrubbed: z.boolean(),
  remains: z.array(z.string()).readonly().describe('Where copies may still be, and until when'),
});

export type ErasureReport = Readonly<z.infer<typeof erasureReportSchema>>;

/** A report with its signature, as it is downloaded. */
export const signedReportSchema = z.strictObject({
  report: erasureReportSchema,
  public_key: z.string().describe('Ed25519, PEM'),
  signature: z.string().describe('Of the report as JSON without spaces, in base64'),
});

export type SignedReport = Readonly<z.infer<typeof signedReportSchema>>;

/** What an erasure answers: the report alone for a dry run, otherwise signed. */
export const erasureAnswerSchema = z.strictObject({
  report: erasureReportSchema,
  signed: z.boolean(),
});

export const erasureListQuerySchema = z.strictObject({ limit: limitField, cursor: cursorField });

/** Erasures that were done, the newest first. */
export const erasureListSchema = z.strictObject({
  erasures: z
    .array(
      z.strictObject({
        id: z.uuid(),
        at: moment,
        by: z.string(),
        reason: z.string(),
        kind: z.enum(['plate', 'event']),
        events: count,
        refused: count.describe('Later messages about its events, which were refused'),
      }),
    )
    .readonly(),
  next: z.string().nullable(),
});

export type ErasureList = Readonly<z.infer<typeof erasureListSchema>>;

/** Whose data is asked for. */
export const subjectAccessQuerySchema = z.strictObject({
  plate: plateField,
  look_ups: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Include who looked the plate up; requires permission to see the audit'),
});

/** A zip file. */
export const zipSchema = z.unknown().meta({ type: 'string', format: 'binary' });
