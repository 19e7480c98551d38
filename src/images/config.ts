import { z } from 'zod';

/** Where pictures are kept. */
export const imagesConfigSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('files').describe('Files in a folder'),
      folder: z
        .string()
        .min(1)
        .default('images')
        .describe('Folder of the pictures; a relative one lies below the data folder'),
    }),
  ])
  .prefault({ kind: 'files' });

export type ImagesConfig = Readonly<z.infer<typeof imagesConfigSchema>>;
