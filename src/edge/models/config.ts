import { z } from 'zod';

/** When a version from the registry is refused, and when it is taken back. */
export const edgeModelsConfigSchema = z
  .strictObject({
    follow_registry: z
      .boolean()
      .default(true)
      .describe('Whether this edge runs what the model registry promotes. Turn it off to keep the configured models.'),
    same_share: z
      .number()
      .min(0)
      .max(1)
      .meta({ unit: 'share' })
      .default(0.9)
      .describe(
        'Of the plates that the present model reads (or finds) with confidence at the cameras here, the share that a new version must get right too. Raising it refuses more versions.',
      ),
    looks: z
      .int()
      .min(0)
      .max(48)
      .meta({ unit: 'plates' })
      .default(12)
      .describe(
        'Plates of the cameras here on which a new version is compared with the present one. After a start the edge waits for this many, for at most ten minutes. Raising it makes the check surer and longer.',
      ),
    latency_ratio: z
      .number()
      .min(1)
      .max(100)
      .meta({ unit: 'times' })
      .default(2)
      .describe(
        'How many times as long as the previous version a new one may take. Raising it accepts slower networks.',
      ),
    read_rate_drop: z
      .number()
      .min(0.01)
      .max(1)
      .meta({ unit: 'share' })
      .default(0.1)
      .describe(
        'By how much the share of passages that are read may fall with a new version before the edge takes it back. Raising it tolerates a larger drop.',
      ),
    trial_hours: z
      .int()
      .min(1)
      .max(720)
      .meta({ unit: 'hours' })
      .default(24)
      .describe(
        'How long a new version is on trial, during which the edge takes it back by itself if it does worse. Raising it watches longer.',
      ),
  })
  .prefault({})
  .describe('Models from the registry: when the edge refuses a version or takes it back.');

export type EdgeModelsConfig = Readonly<z.infer<typeof edgeModelsConfigSchema>>;
