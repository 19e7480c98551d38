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
      .default(10_000)
      .describe('Most events written at once; raising it raises throughput under load and memory by about 4 kB each'),
    batch_wait_ms: z
      .int()
      .min(0)
      .max(5000)
      .default(5)
      .describe('Longest wait in milliseconds for a batch to fill; raising it makes fewer, larger writes, each later'),
    writers: z
      .int()
      .min(1)
      .max(16)
      .default(2)
      .describe(
        'Transactions of one batch that are written at the same time; raising it uses more cores of the database',
      ),
  })
  .prefault({});

export type IngestConfig = Readonly<z.infer<typeof ingestConfigSchema>>;
