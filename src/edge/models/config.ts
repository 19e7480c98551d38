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
        'Share of the plates that the present model reads (or finds) with confidence, in pictures of the cameras here, that a new version must read as well. Raising it refuses more versions.',
      ),
    looks: z
      .int()
      .min(0)
      .max(48)
      .meta({ unit: 'plates' })
      .default(12)
      .describe(
        'Plates of the cameras here on which a new version is tried beside the present one. After a start it waits for so many, but no longer than ten minutes. Raising it says more and takes longer.',
      ),
    latency_ratio: z
      .number()
      .min(1)
      .max(100)
      .meta({ unit: 'times' })
      .default(2)
      .describe('How many times as long as the version before a new one may take. Raising it lets slower networks in.'),
    read_rate_drop: z
      .number()
      .min(0.01)
      .max(1)
      .meta({ unit: 'share' })
      .default(0.1)
      .describe(
        'By how much the share of passages that are read may fall under a new version before it is taken back. Raising it bears more.',
      ),
    trial_hours: z
      .int()
      .min(1)
      .max(720)
      .meta({ unit: 'hours' })
      .default(24)
      .describe(
        'For how long a new version is on trial: until then it is taken back by itself. Raising it watches for longer.',
      ),
  })
  .prefault({})
  .describe('Models from the registry: when a version is refused or taken back.');

export type EdgeModelsConfig = Readonly<z.infer<typeof edgeModelsConfigSchema>>;
