import { z } from 'zod';
import { commonFields } from './manifest-common.ts';
import { completeInput, describeInput } from './manifest-input.ts';

const INPUT = { type: 'uint8', layout: 'NHWC', channels: 'RGB', sizes: 'fixed' } as const;
const share = z.number().min(0).max(1);

/** Networks that read words beside the number: CTC `[N, T, 1 + alphabet]`, output 0 is "no character". */
export const wordsSchemas = [
  z.strictObject({
    ...commonFields,
    task: z.literal('words'),
    decoder: z.literal('alpr-words'),
    input: z.strictObject(describeInput(INPUT)).transform(completeInput(INPUT)),
    /** The characters in the order of the network's outputs, capitals only. */
    alphabet: z.string().min(1),
    /** Which parts of a plate the network sees: the upper and the lower share of its height, with margins around the plate. */
    strips: z.strictObject({ share: share.min(0.05), margin_x: share, margin_y: share }),
  }),
] as const;
