import { z } from 'zod';
import { deliveryConfigSchema } from './delivery/config.ts';

/** The consumer group that holds events against the rules. */
export const ALERTS_GROUP = 'alerts';

/** Where rules are looked for if nobody says so. */
export const DEFAULT_RULES_FILE = 'config/alert_rules.yaml';

/** How events become alerts. */
export const alertsConfigSchema = z
  .strictObject({
    rules_file: z
      .string()
      .min(1)
      .optional()
      .describe(
        `File with rules and channels, read again when it changes; \`${DEFAULT_RULES_FILE}\` if left out and that file is there. Every \`alpr alerts\` of an installation needs the same one.`,
      ),
    secrets: z
      .record(z.string().regex(/^[a-z0-9_]{1,64}$/, 'expected lower-case letters, digits and "_"'), z.string().min(1))
      .default({})
      .describe('Secrets that the file of rules names as `{ secret: NAME }`; best given by the environment.'),
    batch_events: z
      .int()
      .min(1)
      .max(10_000)
      .meta({ unit: 'events' })
      .default(500)
      .describe('Most events held against the rules at once. Raising it gives more throughput under load.'),
    max_age_hours: z
      .int()
      .min(1)
      .max(87_600)
      .meta({ unit: 'hours' })
      .default(24)
      .describe(
        'Age from which a passage makes no new alert, for instance when an edge was cut off for days; one dated more than a day ahead makes none either. Raising it also raises late alerts.',
      ),
    delivery: deliveryConfigSchema,
  })
  .prefault({})
  .describe('Rules and the alerts they make.');

export type AlertsConfig = Readonly<z.infer<typeof alertsConfigSchema>>;
