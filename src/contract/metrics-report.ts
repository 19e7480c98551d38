import { z } from 'zod';

/** What one process counts at one moment: a message of the topic of metrics, as JSON, keyed by process. */
export const metricsReportSchema = z.strictObject({
  schema_version: z.literal(1),
  site_id: z.string().min(1).max(64),
  /** Which command runs. */
  service: z.string().regex(/^[a-z][a-z-]{0,31}$/),
  /** Name of this process among all of its kind. */
  instance: z.string().min(1).max(200),
  /** When the process began to count; absent in reports of older versions. */
  started_at: z.iso.datetime({ precision: 3 }).optional(),
  at: z.iso.datetime({ precision: 3 }),
  /** Seconds until the next report. */
  every_s: z.number().positive(),
  values: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/),
        help: z.string().max(1000),
        labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string().max(500)),
        value: z.number(),
      }),
    )
    .max(20_000),
});

export type MetricsReport = Readonly<z.infer<typeof metricsReportSchema>>;
