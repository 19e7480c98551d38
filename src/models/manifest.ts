import { z } from 'zod';
import { detectSchemas } from './manifest-detect.ts';
import { readSchemas } from './manifest-read.ts';
import { wordsSchemas } from './manifest-words.ts';

/** `model.json`: what a network takes and gives, where it comes from and how it was measured. */
export const manifestSchema = z.discriminatedUnion('decoder', [...detectSchemas, ...readSchemas, ...wordsSchemas]);

export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
