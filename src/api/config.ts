import { z } from 'zod';

/** The address on which the API and the page answer. */
export const apiConfigSchema = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe(
        'Address to listen on: one of this machine alone (127.0.0.1, ::1, localhost) until users and roles exist.',
      ),
    port: z.int().min(0).max(65_535).default(8000).describe('TCP port; 0 takes any free one.'),
    live_viewers: z
      .int()
      .min(1)
      .max(1000)
      .meta({ unit: 'streams' })
      .default(50)
      .describe('Most live streams served at once. Raising it lets more pages watch and costs memory for each.'),
  })
  .prefault({})
  .describe('The API and the page.');

export type ApiConfig = Readonly<z.infer<typeof apiConfigSchema>>;
