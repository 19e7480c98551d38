import { z } from 'zod';

const text = z.string().trim().min(1).max(64);

const budget = z
  .strictObject({
    searches: z
      .int()
      .min(1)
      .max(1_000_000)
      .meta({ unit: 'searches' })
      .nullable()
      .default(null)
      .describe('Maximum searches a day by one person; null sets no limit.'),
    exported_rows: z
      .int()
      .min(1)
      .max(100_000_000)
      .meta({ unit: 'rows' })
      .nullable()
      .default(null)
      .describe('Maximum rows one person may export a day; null sets no limit.'),
  })
  .prefault({});

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of the day such as 07:30');

const dutySchema = z
  .strictObject({
    weekdays: z
      .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
      .min(1)
      .default(['mon', 'tue', 'wed', 'thu', 'fri'])
      .describe('Days on which people are on duty; a night counts as the day on which it begins.'),
    from: clock.default('07:00').describe('Start of duty hours in `audit.time_zone`.'),
    to: clock.default('19:00').describe('End of duty hours; if earlier than `from`, on the next day.'),
  })
  .nullable()
  .default(null)
  .describe('Searches by people outside these hours raise an alarm; null means no duty hours.');

const alarmsSchema = z
  .strictObject({
    same_plate_times: z
      .int()
      .min(2)
      .max(10_000)
      .meta({ unit: 'searches' })
      .nullable()
      .default(10)
      .describe('Number of searches for one plate by one person that raises an alarm; null raises none.'),
    same_plate_days: z
      .int()
      .min(1)
      .max(365)
      .meta({ unit: 'days' })
      .default(7)
      .describe('Days over which these searches are counted. Raising it catches slower patterns.'),
    burst_searches: z
      .int()
      .min(2)
      .max(100_000)
      .meta({ unit: 'searches' })
      .nullable()
      .default(100)
      .describe('Number of searches by one person in a short time that raises an alarm; null raises none.'),
    burst_minutes: z
      .int()
      .min(1)
      .max(1440)
      .meta({ unit: 'minutes' })
      .default(10)
      .describe('Minutes over which these searches are counted.'),
    duty: dutySchema,
  })
  .prefault({})
  .describe('What the auditor is told about.');

/** Who did what: when a purpose is required, how much each person may look up, and how long entries are kept. */
export const auditConfigSchema = z
  .strictObject({
    purposes: z
      .array(text)
      .max(100)
      .default([])
      .describe('Allowed purposes for a search, a picture or an export; any text if the list is empty.'),
    require_purpose: z
      .boolean()
      .default(false)
      .describe('Whether events, pictures and exports are shown only to people who state a purpose.'),
    case_number: z
      .string()
      .min(1)
      .max(256)
      .refine(isPattern, 'expected a regular expression')
      .nullable()
      .default(null)
      .describe('Regular expression that a whole case number must match, such as `\\d{4}-\\d+`; null takes any text.'),
    require_case_number: z.boolean().default(false).describe('Whether a case number is required as well as a purpose.'),
    time_zone: z
      .string()
      .refine(isTimeZone, 'expected a time zone such as Europe/Berlin')
      .default('UTC')
      .describe('Time zone for the days of budgets and summaries, and for duty hours.'),
    budgets: z
      .strictObject({
        admin: budget.describe('Limits of administrators.'),
        operator: budget.describe('Limits of operators.'),
        viewer: budget.describe('Limits of viewers.'),
        auditor: budget.describe('Limits of auditors.'),
        token: budget.describe('Limits of each API token.'),
      })
      .prefault({})
      .describe('How much each person or token may look up and export in a day.'),
    alarms: alarmsSchema,
    checkpoint_minutes: z
      .int()
      .min(1)
      .max(1440)
      .meta({ unit: 'minutes' })
      .default(5)
      .describe(
        'Time after which new entries are signed. Raising it lengthens the time in which the end of the log can be cut unnoticed.',
      ),
    keep_days: z
      .int()
      .min(1)
      .max(36_500)
      .meta({ unit: 'days' })
      .nullable()
      .default(730)
      .describe('Age at which entries are removed, up to a checkpoint; null keeps them for ever.'),
    key_folder: z
      .string()
      .min(1)
      .default('.')
      .describe(
        'Folder of `signing-key.pem` and `audit-plates.key`, which are created if missing; a relative path is below the data folder. All processes on one database need the same two files.',
      ),
  })
  .prefault({})
  .describe('The audit: who did what, when and why.');

export type AuditConfig = Readonly<z.infer<typeof auditConfigSchema>>;

function isPattern(pattern: string): boolean {
  try {
    return Boolean(new RegExp(pattern, 'u'));
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
