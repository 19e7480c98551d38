import { z } from 'zod';

/** The consumer group that brings events into the database; without it no event is safe. */
export const INGEST_GROUP = 'ingest';

/** How events are taken from the bus into the database. */
export const ingestConfigSchema = z
  .strictObject({
    batch_events: z
      .int()
      .min(1)
      .max(50_000)
      .meta({ unit: 'events' })
      .default(10_000)
      .describe(
        'Most events written at once. Raising it gives more throughput under load and costs about 4 kB for each.',
      ),
    batch_wait_ms: z
      .int()
      .min(0)
      .max(5000)
      .meta({ unit: 'milliseconds' })
      .default(5)
      .describe('Longest wait for a batch to fill. Raising it makes fewer, larger and later writes.'),
    writers: z
      .int()
      .min(1)
      .max(16)
      .meta({ unit: 'transactions' })
      .default(2)
      .describe(
        'Transactions of one batch that are written at the same time. Raising it uses more cores of the database.',
      ),
  })
  .prefault({})
  .describe('Events on their way from the bus to the database.');

export type IngestConfig = Readonly<z.infer<typeof ingestConfigSchema>>;
