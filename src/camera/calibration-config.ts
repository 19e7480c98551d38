import { z } from 'zod';

/** How far the confidences of one camera are to be trusted, as people's decisions on its reads have shown. */
export const calibration = {
  confidence_temperature: z
    .number()
    .min(0.5)
    .max(3)
    .meta({ unit: 'times' })
    .default(1)
    .describe(
      'Divides the log-odds of each confidence; `alpr models calibrate` finds it from reviews. Raising it makes this camera’s reads less certain; texts and their order stay.',
    ),
  calibrated_at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe(
      'Since when `confidence_temperature` has been in force, such as 2026-11-30T12:00:00Z: `alpr models calibrate` looks at reads from then on. From the first read, if left out.',
    ),
};
