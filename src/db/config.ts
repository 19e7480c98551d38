import { z } from 'zod';

const poolSize = z
  .int()
  .min(2)
  .max(200)
  .default(8)
  .describe('Connections kept open at most; more serve more requests at once and cost the server about 5 MB each');

/** How long events are kept and how they are divided; the same for every kind of database. */
const keep = {
  retention_days: z
    .int()
    .min(1)
    .max(36_500)
    .nullable()
    .default(null)
    .describe(
      'Days that events are kept before their partition is dropped, up to one partition longer; null keeps them for ever',
    ),
  partition: z
    .enum(['day', 'week', 'month'])
    .default('month')
    .describe(
      'Length of a partition; shorter ones follow retention_days more closely and make searches over all times slower. TimescaleDB has its own',
    ),
};

const file = z.string().min(1);

const tlsSchema = z
  .strictObject({
    ca_file: file.optional().describe('Certificates (PEM) of who signed the server’s; without it those of Node count'),
    certificate_file: file.optional().describe('Our own certificate (PEM), where the server asks for one'),
    key_file: file.optional().describe('Key (PEM) of our own certificate'),
    verify: z
      .boolean()
      .default(true)
      .describe('Whether the server must prove its name; false protects from listeners alone, not from impostors'),
  })
  .optional()
  .describe('Encrypt the connection; {} is enough for a server with a certificate that is publicly known');

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
      ...keep,
    }),
    z.strictObject({
      kind: z
        .literal('postgres')
        .describe('Use a PostgreSQL 16 or newer that is already running, with or without TimescaleDB 2.13 or newer'),
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'expected postgres://user:password@host:port/database')
        .refine(
          (url) => !/[?&]ssl[a-z]*=/.test(url),
          'expected no ssl settings in the address; use database.tls instead',
        )
        .describe('Connection string; better given by the environment than by the file, as it holds a password'),
      tls: tlsSchema,
      pool_size: poolSize,
      ...keep,
    }),
  ])
  .prefault({ kind: 'embedded' });

export type DbConfig = Readonly<z.infer<typeof dbConfigSchema>>;
export type TlsConfig = NonNullable<Extract<DbConfig, { kind: 'postgres' }>['tls']>;
