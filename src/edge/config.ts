import { z } from 'zod';

/** How the edge runs its cameras and keeps its events until the bus has them. */
export const edgeConfigSchema = z
  .strictObject({
    queue_frames: z
      .int()
      .min(1)
      .max(30)
      .default(2)
      .describe('Frames of a live camera that may wait for the networks; raising it drops fewer and reads later'),
    live_pictures: z
      .enum(['watched', 'always', 'never'])
      .default('watched')
      .describe(
        'When live pictures are sent: on Kafka only while somebody looks at them, or always; in one process, where they cost no network, both are always',
      ),
    live_pictures_per_second: z
      .number()
      .min(0.1)
      .max(15)
      .default(4)
      .describe('Pictures a second that the live wall shows of each camera; raising it costs CPU and bandwidth'),
    spool_segment_bytes: z
      .int()
      .min(4096)
      .max(1_000_000_000)
      .default(8_000_000)
      .describe('Size in bytes at which the spool begins a new file; raising it frees disk space later'),
    reserve_bytes: z
      .int()
      .min(0)
      .default(100_000_000)
      .describe(
        'Free disk space in bytes below which pictures are given up, so that events still fit; raising it gives up earlier',
      ),
  })
  .prefault({});

export type EdgeConfig = Readonly<z.infer<typeof edgeConfigSchema>>;
