import { z } from 'zod';
import { idSchema, severitySchema } from './rule.ts';

const timestamp = z.iso.datetime({ precision: 3 }).describe('UTC, milliseconds');
const probability = z.number().min(0).max(1);

/** The entry of a list that a plate was found by. */
const matchedEntrySchema = z.strictObject({
  list: idSchema,
  text: z.string().max(24),
  name: z.string().max(200),
  note: z.string().max(2000),
  group: z.string().max(64),
  tags: z.array(z.string().max(64)).max(32),
});

/**
 * A rule that matched, and why. There is one alert of one rule and one passage (or one state of the system), whatever happens:
 * its id follows from both. A revision says what changed since.
 */
export const alertSchema = z.strictObject({
  schema_version: z.literal(1),
  alert_id: z.uuid(),
  revision: z.int().min(1),
  status: z.enum(['raised', 'corrected', 'withdrawn']),
  rule: z.strictObject({ id: idSchema, name: z.string().max(200), severity: severitySchema, verify: z.boolean() }),
  /** When this revision was made. */
  at: timestamp,
  /** One sentence for people: what matched, and how. */
  why: z.string().max(1000),
  /** Why it is shown but sent to nobody. */
  held_back: z.enum(['cooldown', 'quiet', 'muted']).nullable(),
  /** The passage; null in alerts of the system. */
  passage: z
    .strictObject({
      event_id: z.uuidv7(),
      revision: z.int().min(1),
      status: z.enum(['provisional', 'final', 'corrected', 'retracted']),
      detected_at: timestamp,
      site_id: z.string().max(64),
      camera_id: z.string().max(64),
      camera_name: z.string().max(200),
      direction: z.string().max(64).nullable(),
      plate: z.string().max(24).describe('Text as searched'),
      text: z.string().max(24).describe('Text as read'),
      confidence: probability,
      region: z.string().max(16).nullable(),
      vehicle: z.string().nullable(),
      pictures: z
        .strictObject({ plate: z.string(), vehicle: z.string(), frame: z.string() })
        .nullable()
        .describe('Keys in the image store'),
    })
    .nullable(),
  matched: z
    .strictObject({
      by: z.enum([
        'exact',
        'prefix',
        'suffix',
        'contains',
        'wildcard',
        'regex',
        'list',
        'tag',
        'not_on',
        'look_alike',
        'likelihood',
        'every_passage',
      ]),
      wanted: z.string().max(200).nullable().describe('The text or pattern of the rule or entry'),
      p: probability.describe('Probability that the match is right: of the text read, or of the one wanted'),
      entry: matchedEntrySchema.nullable(),
    })
    .nullable(),
  /** What of the system it is about; null in alerts of passages. */
  system: z
    .strictObject({
      what: z.enum(['camera_down', 'read_rate_below', 'disk_free_below', 'nothing_delivered_for']),
      subject: z.string().max(200).describe('The camera, disk or channel'),
      since: timestamp,
      value: z.number().nullable(),
    })
    .nullable(),
});

export type Alert = Readonly<z.infer<typeof alertSchema>>;
export type MatchedEntry = Readonly<z.infer<typeof matchedEntrySchema>>;
