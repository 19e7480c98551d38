import { z } from 'zod';
import { idSchema, severitySchema } from './rule.ts';

const timestamp = z.iso.datetime({ precision: 3 }).describe('UTC, milliseconds');
const probability = z.number().min(0).max(1);

/** The entry of a list that a plate was found by. */
const matchedEntrySchema = z.strictObject({
  list: idSchema.describe('Id of the list'),
  text: z.string().max(24).describe('Plate or pattern of the entry'),
  name: z.string().max(200).describe('Name of the entry'),
  note: z.string().max(2000).describe('Its note'),
  group: z.string().max(64).describe('Its group'),
  tags: z.array(z.string().max(64)).max(32).describe('Its tags'),
});

/**
 * A rule that matched, and why. There is one alert of one rule and one passage (or one state of the system), whatever happens:
 * its id follows from both. A revision says what changed since.
 */
export const alertSchema = z.strictObject({
  schema_version: z.literal(1).describe('Version of this form'),
  alert_id: z.uuid().describe('The same for all revisions'),
  revision: z.int().min(1).describe('Counts up'),
  status: z.enum(['raised', 'corrected', 'withdrawn']).describe('What this revision says'),
  rule: z.strictObject({
    id: idSchema.describe('Id of the rule'),
    name: z.string().max(200).describe('Its name'),
    severity: severitySchema.describe('Its severity'),
    verify: z.boolean().describe('Whether a person must compare the picture before anyone acts'),
  }),
  at: timestamp.describe('When this revision was made; UTC'),
  why: z.string().max(1000).describe('One sentence for people: what matched, and how'),
  held_back: z.enum(['cooldown', 'quiet', 'muted']).nullable().describe('Why it is shown but sent to nobody'),
  /** The passage; null in alerts of the system. */
  passage: z
    .strictObject({
      event_id: z.uuidv7().describe('Id of the event'),
      revision: z.int().min(1).describe('Its revision'),
      status: z.enum(['provisional', 'final', 'corrected', 'retracted']).describe('Its status'),
      detected_at: timestamp.describe('When the passage began; UTC'),
      site_id: z.string().max(64).describe('Id of the site'),
      camera_id: z.string().max(64).describe('Id of the camera'),
      camera_name: z.string().max(200).describe('Name of the camera'),
      direction: z.string().max(64).nullable().describe('Direction, such as in'),
      plate: z.string().max(24).describe('Text as searched'),
      text: z.string().max(24).describe('Text as read'),
      confidence: probability.describe('Probability that the text is right'),
      region: z.string().max(16).nullable().describe('Country or state of the plate'),
      vehicle: z.string().nullable().describe('Class of the vehicle'),
      pictures: z
        .strictObject({
          plate: z.string().describe('Key of the picture of the plate in the image store'),
          vehicle: z.string().describe('Key of the picture of the vehicle'),
          frame: z.string().describe('Key of the whole picture'),
        })
        .nullable(),
    })
    .nullable(),
  matched: z
    .strictObject({
      by: z
        .enum([
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
        ])
        .describe('How the rule matched'),
      wanted: z.string().max(200).nullable().describe('The text or pattern of the rule or entry'),
      p: probability.describe('Probability that the match is right: of the text read, or of the one wanted'),
      entry: matchedEntrySchema.nullable(),
    })
    .nullable(),
  /** What of the system it is about; null in alerts of passages. */
  system: z
    .strictObject({
      what: z
        .enum(['camera_down', 'read_rate_below', 'disk_free_below', 'nothing_delivered_for', 'alarm'])
        .describe('What is wrong'),
      subject: z.string().max(200).describe('The camera, disk, channel or alarm'),
      since: timestamp.describe('Since when; UTC'),
      value: z.number().nullable().describe('What was measured'),
    })
    .nullable(),
});

export type Alert = Readonly<z.infer<typeof alertSchema>>;
