import { z } from 'zod';
import { plateEventSchema } from '../plate-event.ts';
import { cameraField, cursorField, limitField, momentField, valueField } from './fields.ts';

const PATTERNS = ['exact', 'prefix', 'suffix', 'contains', 'wildcard'] as const;
const MODES = [...PATTERNS, 'fuzzy', 'likelihood'] as const;

const modeSchema = z.enum(['auto', ...MODES]);

/** How a query is meant; `auto` decides by the query itself. */
export type SearchMode = z.infer<typeof modeSchema>;

const text = z.string().min(1).max(64).describe('Letters and digits; `?` is one character, `*` any number of them');
const mode = modeSchema
  .default('auto')
  .describe('`likelihood` finds what `fuzzy` finds and puts first the reads that make the text most probable');

const filter = {
  camera: cameraField.optional(),
  site: valueField.optional().describe('Id of a site'),
  region: valueField.optional().describe('Region of the plate, as events name it'),
  vehicle: valueField.optional().describe('Class of the vehicle, as events name it'),
  direction: valueField.optional().describe('Name of a direction in which the vehicle crossed a line, such as `in`'),
  zone: valueField.optional().describe('Name of a zone of a camera that the vehicle was in'),
  from: momentField.optional(),
  to: momentField.optional(),
  min_confidence: z.coerce.number().min(0).max(1).optional(),
};

type Span = Readonly<{ from?: string | undefined; to?: string | undefined }>;

/** Adds that a span must not end before it begins. */
export function inOrder<Query extends z.ZodType<Span>>(schema: Query): Query {
  return schema.superRefine(({ from, to }, context) => {
    if (from === undefined || to === undefined || Date.parse(from) <= Date.parse(to)) return;
    const message = `expected from not to be after to, got ${from} and ${to}; exchange them`;
    context.addIssue({ code: 'custom', path: ['from'], message });
  });
}

const page = { limit: limitField, cursor: cursorField };

/** What a search may ask for, without its page. */
export const searchFieldsSchema = z.strictObject({ q: text.optional(), mode, ...filter });

/** What is searched for, and which page of it: a text, a filter, or both. */
export const searchQuerySchema = inOrder(searchFieldsSchema.extend(page)).refine(
  ({ mode: _mode, limit: _limit, cursor: _cursor, ...wanted }) =>
    Object.values(wanted).some((given) => given !== undefined),
  'expected a text (q) or a filter, such as camera or from; /events/recent lists everything',
);

const FIELD = /^(camera|site|region|vehicle|direction|zone|from|to):(.+)$/;

/** A search in one line: `AB12 camera:gate from:2026-01-01T08:00:00Z`; words without a field are the text. */
export const fullTextQuerySchema = z
  .strictObject({
    q: z.string().min(1).max(512).describe('Words; `camera:gate` is a filter'),
    mode,
    ...filter,
    ...page,
  })
  .transform(({ q, ...given }): z.input<typeof searchQuerySchema> => {
    const words = q.split(/\s+/).filter((word) => word !== '');
    const fields = words.flatMap((word) => {
      const [, field, value] = FIELD.exec(word) ?? [];
      return field !== undefined ? [[field, value] as const] : [];
    });
    const rest = words.filter((word) => !FIELD.test(word)).join(' ');
    return { ...given, ...Object.fromEntries(fields), ...(rest !== '' && { q: rest }) };
  })
  .pipe(searchQuerySchema);

const reasonSchema = z.strictObject({
  kind: z.enum([...PATTERNS, 'lookalike', 'edit', 'candidate', 'alternative', 'filter']),
  distance: z.number().int(),
  detail: z.string().describe('In words, such as `8↔B at 3` or, in mode likelihood, `8↔B at 3, p 0.31`'),
});

/** Why an event was found: the kind, how many characters differ, and which ones in words. */
export type Reason = Readonly<z.infer<typeof reasonSchema>>;

const hitSchema = z.strictObject({
  event: plateEventSchema,
  score: z
    .number()
    .min(0)
    .max(1)
    .describe('1 for exactly this text; in mode likelihood the probability that this is the plate'),
  reason: reasonSchema,
});

/** One event found. */
export type Hit = Readonly<z.infer<typeof hitSchema>>;

/** One page of found events: best first, newest first among equals. */
export const searchAnswerSchema = z.strictObject({
  results: z.array(hitSchema),
  next: z.string().nullable(),
  mode: z.enum([...MODES, 'filter']).describe('The mode that was used; `filter` where no text was asked for'),
});

export type SearchAnswer = Readonly<z.infer<typeof searchAnswerSchema>>;

const counted = z.strictObject({
  q: text
    .optional()
    .describe('Only events that a search for it finds; without it the last 7 days, unless `from` is given'),
  mode,
  ...filter,
});

/** Which events are counted: all that pass the filter, or those of them that a search for `q` finds. */
export const countQuerySchema = inOrder(counted);

const countSchema = z.strictObject({ value: z.string(), events: z.number().int() });

/** How many events have one value. */
export type Count = Readonly<z.infer<typeof countSchema>>;

const counts = z.array(countSchema);

/** Events counted by what they have in common. */
export const facetsSchema = z.strictObject({
  events: z.number().int(),
  cameras: counts.describe('At most 100, most events first; the other lists likewise'),
  sites: counts,
  regions: counts,
  vehicles: counts,
  hours: counts.describe('By hour of the day in UTC, 00 to 23'),
});

export type Facets = Readonly<z.infer<typeof facetsSchema>>;

const bucketSchema = z.enum(['hour', 'day', 'week', 'month']);

/** A span of UTC's calendar; weeks begin on Monday. */
export type Bucket = z.infer<typeof bucketSchema>;

/** Which events are counted, and in spans of which length. */
export const analyticsQuerySchema = inOrder(counted.extend({ bucket: bucketSchema.default('day') }));

const bucketCountSchema = z.strictObject({
  at: z.string().describe('Start of the bucket, UTC; weeks begin on Monday'),
  events: z.number().int(),
  mean_confidence: z.number().nullable(),
});

/** Events in one bucket. */
export type BucketCount = Readonly<z.infer<typeof bucketCountSchema>>;

/** Events over time: every bucket from the first to the last with events, including empty ones. */
export const analyticsSchema = z.strictObject({ bucket: bucketSchema, reads: z.array(bucketCountSchema) });
