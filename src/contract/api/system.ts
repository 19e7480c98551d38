import { z } from 'zod';

const timestamp = z.iso.datetime({ precision: 3 }).describe('UTC, milliseconds');
const part = z.strictObject({
  ok: z.boolean(),
  kind: z.string().optional().describe('Which of several it is, such as `kafka`'),
  message: z.string().optional().describe('Why it is failing'),
});

/** A service of the process that answers. */
export const serviceStatusSchema = z.strictObject({
  name: z.string(),
  summary: z.string().describe('What it does'),
  state: z.enum(['starting', 'running', 'stopping', 'stopped', 'failed']),
  since: timestamp.describe('When it came into this state'),
  restarts: z.int().min(0).describe('How often it was started again since the process began'),
  message: z.string().optional().describe('Why it failed'),
  parts: z.record(z.string(), part).describe('What it depends on, by name; empty while it does not run'),
});

/** A network that a process runs. */
export const runningModelSchema = z.strictObject({
  model: z.string(),
  kind: z.string(),
  provider: z.string(),
  cameras: z.enum(['all', 'chosen']).describe('Whether all cameras or only chosen ones run it'),
});

/** A version of a model on an edge, and why it does not run there. */
export const modelVersionSchema = z.strictObject({
  kind: z.enum(['detector', 'reader', 'vehicle']),
  model: z.string().describe('Its name with the first digits of its hash'),
  version: z.string().describe('Its number in the registry; empty for the configured model'),
  state: z
    .enum(['running', 'canary', 'waiting', 'downloading', 'checking', 'refused', 'rolled_back'])
    .describe('`canary`: runs on some cameras; `waiting`: until enough plates were read to check it'),
  reason: z
    .enum(['', 'untrusted', 'damaged', 'golden', 'crashed', 'local_looks', 'latency', 'errors', 'read_rate'])
    .describe('Why it was refused or rolled back'),
});

/** What a process last reported of itself. */
const processSchema = z.strictObject({
  site_id: z.string(),
  service: z.string().describe('Which command runs'),
  instance: z.string(),
  is_this: z.boolean().describe('Whether it is the process that answers'),
  version: z.string().nullable().describe('Null where an older version reports'),
  started_at: timestamp.nullable(),
  reported_at: timestamp.describe('When it reported last'),
  is_silent: z.boolean().describe('Whether several reports are missing'),
  lag: z
    .array(z.strictObject({ topic: z.string(), group: z.string(), messages: z.int().min(0) }))
    .readonly()
    .describe('Messages that its consumers have not handled yet'),
  spool: z
    .strictObject({
      entries: z.int().min(0),
      bytes: z.int().min(0),
      oldest_at: timestamp.nullable().describe('When the event that waits longest was made; null where none waits'),
    })
    .nullable()
    .describe('Events that wait for the bus; null where no cameras run'),
  dead_letter_count: z.int().min(0).describe('Messages that it could not handle since it began'),
  models: z.array(runningModelSchema).readonly(),
  model_versions: z
    .array(modelVersionSchema)
    .readonly()
    .describe('Versions from the model registry that it runs or should run; empty where no cameras run'),
  model_registry_contact_at: timestamp.nullable().describe('When the model registry last answered it'),
});

export const systemSchema = z.strictObject({
  services: z.array(serviceStatusSchema).readonly().describe('Those of the process that answers, as they start'),
  processes: z
    .array(processSchema)
    .readonly()
    .describe('All that report on the bus, of the sites that the caller may see'),
  disk: z
    .strictObject({ free_bytes: z.number().min(0), total_bytes: z.number().min(0) })
    .describe('Where the data folder of the process that answers lies'),
});

export const serviceParamsSchema = z.strictObject({
  service: z.string().regex(/^[a-z][a-z-]{0,31}$/, 'expected the name of a service'),
  action: z.enum(['start', 'stop', 'restart']),
});

const levelSchema = z.enum(['debug', 'info', 'warn', 'error']);

export const logQuerySchema = z.strictObject({
  level: levelSchema.default('info').describe('The least severe lines; `log.level` decides which there are'),
  contains: z.string().min(1).max(200).optional().describe('A text that they have somewhere, in whichever case'),
  after: z.coerce.number().int().min(0).default(0).describe('Only lines after this one: `newest` of the answer before'),
  limit: z.coerce.number().int().min(1).max(1000).default(200).describe('So many of the newest, 1–1000'),
});

/** The newest lines of the log of the process that answers. */
export const logTailSchema = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        number: z.int().min(1).describe('Counts up in the life of the process'),
        time: z.string(),
        level: levelSchema,
        message: z.string(),
        facts: z.record(z.string(), z.unknown()).describe('Everything else in the line'),
      }),
    )
    .readonly()
    .describe('Oldest first'),
  newest: z.int().min(0).describe('Number of the newest line there is, of whatever level'),
});

export type ServiceStatusAnswer = Readonly<z.infer<typeof serviceStatusSchema>>;
export type SystemProcess = Readonly<z.infer<typeof processSchema>>;
export type SystemAnswer = Readonly<z.infer<typeof systemSchema>>;
export type LogTailAnswer = Readonly<z.infer<typeof logTailSchema>>;
