import { z } from 'zod';

/**
 * An error as every route answers it: RFC 9457, with our code and sentence. Routes in the shape of another system add its fields, as that
 * standard allows.
 */
export const problemSchema = z
  .strictObject({
    type: z.literal('about:blank').describe('There is no page for each kind of problem; `code` tells them apart'),
    title: z.string().describe('The status in words'),
    status: z.int().min(400).max(599),
    code: z.string(),
    message: z.string().describe('What was expected, what was found and what to do'),
    expected: z.string().optional(),
  })
  .meta({ additionalProperties: true });

export type Problem = Readonly<z.infer<typeof problemSchema>>;
