import { z } from 'zod';

const poolSize = z
  .int()
  .min(2)
  .max(200)
  .default(8)
  .describe('Connections kept open at most; more serve more requests at once and cost the server about 5 MB each');

/** Where events are kept: a PostgreSQL that this program starts itself, or one that is already there. */
export const dbConfigSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('embedded').describe('Start a PostgreSQL of our own below the data folder'),
      folder: z
        .string()
        .min(1)
        .default('db')
        .describe('Folder of the database; a relative one lies below the data folder'),
      pool_size: poolSize,
    }),
    z.strictObject({
      kind: z.literal('postgres').describe('Use a PostgreSQL 14 or newer that is already running'),
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'expected postgres://user:password@host:port/database')
        .describe('Connection string; better given by the environment than by the file, as it holds a password'),
      pool_size: poolSize,
    }),
  ])
  .prefault({ kind: 'embedded' });

export type DbConfig = Readonly<z.infer<typeof dbConfigSchema>>;
