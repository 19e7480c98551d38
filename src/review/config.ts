import { z } from 'zod';

/** What may be done with what people decide on reads. */
export const reviewConfigSchema = z
  .strictObject({
    export_training: z
      .boolean()
      .default(false)
      .describe(
        'Whether `alpr export training` may copy pictures and texts of reviewed plates into a training set. Turn it on only if those responsible for the data have agreed.',
      ),
  })
  .prefault({})
  .describe("What happens with people's decisions on reads.");

export type ReviewConfig = Readonly<z.infer<typeof reviewConfigSchema>>;
