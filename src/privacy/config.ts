import { z } from 'zod';

const days = z.int().min(1).max(36_500).meta({ unit: 'days' }).nullable();

/** How long what is known of plates is kept, and what is done with it then. */
export const privacyConfigSchema = z
  .strictObject({
    retention: z
      .strictObject({
        events_days: days
          .default(null)
          .describe(
            'Age at which events without a hold are removed: from the database with their partition, so up to one `database.partition` later, and from the search index by month; null keeps them for ever.',
          ),
        pictures_days: days
          .default(90)
          .describe(
            'Age at which a picture is removed from the folder or, by a lifecycle rule, from the bucket; null keeps them for ever. Raising it needs more disk space.',
          ),
        hit_days: days
          .default(null)
          .describe(
            'Age up to which events with an alert that was not withdrawn are kept although others of their age go, with their pictures and the alert; null keeps them no longer than others.',
          ),
        hold_days: days
          .default(365)
          .describe('How long a hold without an end lasts; null keeps it until somebody ends it.'),
        case_days: days.default(null).describe('The same for a hold of the class case.'),
      })
      .prefault({})
      .describe('How many days each class is kept.'),
    pseudonyms: z
      .strictObject({
        after_days: days
          .default(null)
          .describe(
            'Age at which the plate of an event without a hold becomes a pseudonym: counts stay; pictures, characters, other readings and earlier revisions are removed. Null means never.',
          ),
        key_days: z
          .int()
          .min(1)
          .max(36_500)
          .meta({ unit: 'days' })
          .default(31)
          .describe(
            'Days until the key of a month is destroyed, counted from when its last event became a pseudonym. Until then a plate gets the same pseudonym again. Raising it lets late events of the month match, and lets whoever has the key try plates for longer.',
          ),
      })
      .prefault({})
      .describe('Plates that become pseudonyms instead of being removed.'),
    backup_days: days
      .default(null)
      .describe('How long you keep backups of the database, for erasure reports; null if unknown.'),
  })
  .prefault({})
  .describe('How long data about plates is kept.');

export type PrivacyConfig = Readonly<z.infer<typeof privacyConfigSchema>>;
