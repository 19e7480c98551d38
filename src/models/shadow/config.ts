import { z } from 'zod';

/** A second reader beside the first, and what it may cost. */
export const shadowConfigSchema = z
  .strictObject({
    reader: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Name or folder of a model that reads the same looks as `models.reader`, for comparison alone. If left out, the challenger of the registry does, where there is one.',
      ),
    cores: z
      .number()
      .min(0.01)
      .max(64)
      .meta({ unit: 'cores' })
      .default(0.1)
      .describe('Computing time that it may take. Raising it compares more passages on a busy road and costs power.'),
  })
  .prefault({})
  .describe('A challenger that reads in the shadow of the reader: compared with it, and never waited for.');
