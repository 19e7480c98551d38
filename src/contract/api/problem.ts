import { z } from 'zod';

/** An error as every route answers it. */
export const problemSchema = z.strictObject({
  code: z.string(),
  message: z.string().describe('What was expected, what came, what to do'),
  expected: z.string().optional(),
});

export type Problem = Readonly<z.infer<typeof problemSchema>>;
