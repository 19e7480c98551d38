import { z } from 'zod';

const count = z.number().int();

/** Over how many hours per hour, camera and plate is counted. */
export const statsQuerySchema = z.strictObject({ hours: z.coerce.number().int().min(1).max(744).default(24) });

/** Counts of events; hours in UTC, empty ones too. */
export const statsSchema = z.strictObject({
  events_total: count,
  events_24h: count,
  unique_plates_24h: count,
  read_rate_24h: z
    .number()
    .nullable()
    .describe('Share of the passages in the last 24 hours that were read; null if there were none'),
  mean_confidence_24h: z.number().nullable(),
  per_hour: z.array(z.strictObject({ hour: z.string(), events: count })),
  per_camera: z.array(z.strictObject({ camera_id: z.string(), events: count })),
  top_plates: z.array(z.strictObject({ text: z.string(), events: count })),
  misdated_events: count.describe(
    'Events before 2010 or more than a day ahead: the clock of a camera or machine is wrong',
  ),
});

export type Stats = Readonly<z.infer<typeof statsSchema>>;
