import { z } from 'zod';
import { edgeModelsConfigSchema } from './models/config.ts';

/** How the edge runs its cameras and keeps its events until the bus has them. */
export const edgeConfigSchema = z
  .strictObject({
    queue_frames: z
      .int()
      .min(1)
      .max(30)
      .meta({ unit: 'frames' })
      .default(2)
      .describe(
        'Frames of a live camera that may wait for the networks. Raising it drops fewer frames and reads later.',
      ),
    live_pictures: z
      .enum(['watched', 'always', 'never'])
      .default('watched')
      .describe(
        'When live pictures are sent. With `watched` they cross Kafka only while somebody looks at them; in one process, where they cost no network, `watched` and `always` are the same.',
      ),
    live_pictures_per_second: z
      .number()
      .min(0.1)
      .max(15)
      .meta({ unit: 'pictures a second' })
      .default(4)
      .describe('Pictures of each camera that the live wall shows. Raising it costs processor time and bandwidth.'),
    follow_page: z
      .boolean()
      .default(true)
      .describe(
        'Whether this edge runs the cameras that are added on the page for its site. Turn it off on all edges of a site but one.',
      ),
    spool_segment_bytes: z
      .int()
      .min(4096)
      .max(1_000_000_000)
      .meta({ unit: 'bytes' })
      .default(8_000_000)
      .describe('Size at which the spool begins a new file. Raising it frees disk space later.'),
    reserve_bytes: z
      .int()
      .min(0)
      .max(1_000_000_000_000_000)
      .meta({ unit: 'bytes' })
      .default(100_000_000)
      .describe(
        'Free disk space below which pictures are given up, so that events still fit. Raising it gives up pictures earlier.',
      ),
    models: edgeModelsConfigSchema,
  })
  .prefault({})
  .describe('Cameras at work, and events on their way to the bus.');

export type EdgeConfig = Readonly<z.infer<typeof edgeConfigSchema>>;
