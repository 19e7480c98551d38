import { z } from 'zod';

/** How events are taken from the bus into the database. */
export const ingestConfigSchema = z
  .strictObject({
    batch_events: z
      .int()
      .min(1)
      .max(20_000)
      .default(2000)
      .describe('Most events written at once; raising it raises throughput under load and memory by about 4 kB each'),
    batch_wait_ms: z
      .int()
      .min(0)
      .max(5000)
      .default(5)
      .describe('Longest wait in milliseconds for a batch to fill; raising it makes fewer, larger writes, each later'),
  })
  .prefault({});

export type IngestConfig = Readonly<z.infer<typeof ingestConfigSchema>>;
