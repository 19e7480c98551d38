import { z } from 'zod';

const poolSize = z
  .int()
  .min(2)
  .max(200)
  .meta({ unit: 'connections' })
  .default(8)
  .describe(
    'Most connections kept open. Raising it serves more requests at once and costs the server about 5 MB for each.',
  );

/** How events are divided; the same for every kind of database. */
const keep = {
  partition: z
    .enum(['day', 'week', 'month'])
    .default('month')
    .describe(
      'Length of a partition. A shorter one follows `privacy.retention.events_days` more closely and slows searches over long periods. TimescaleDB has its own.',
    ),
};

const file = z.string().min(1);

const tlsSchema = z
  .strictObject({
    ca_file: file
      .optional()
      .describe('File with the certificate authorities (PEM) to trust; those of Node.js if left out.'),
    certificate_file: file.optional().describe('Client certificate (PEM), if the server asks for one.'),
    key_file: file.optional().describe('Private key (PEM) of the client certificate.'),
    verify: z
      .boolean()
      .default(true)
      .describe('Whether the server must prove its name. Off protects against eavesdroppers only, not impostors.'),
  })
  .optional()
  .describe('Encrypts the connection; {} is enough for a server whose certificate is publicly trusted.');

/** Where events are kept: a PostgreSQL that this program starts itself, or one that is already there. */
export const dbConfigSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('embedded').describe('Start a PostgreSQL server in the data folder.'),
      folder: z
        .string()
        .min(1)
        .default('db')
        .describe('Folder of the database; a relative one lies below the data folder.'),
      pool_size: poolSize,
      ...keep,
    }),
    z.strictObject({
      kind: z
        .literal('postgres')
        .describe('Use a running PostgreSQL 16 or newer, with or without TimescaleDB 2.13 or newer.'),
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'expected postgres://user:password@host:port/database')
        .refine(
          (url) => !/[?&]ssl[a-z]*=/.test(url),
          'expected no ssl settings in the address; use database.tls instead',
        )
        .describe('Connection string; best given by the environment, as it holds a password.'),
      tls: tlsSchema,
      pool_size: poolSize,
      ...keep,
    }),
  ])
  .prefault({ kind: 'embedded' })
  .describe('Where events are kept.');

export type DbConfig = Readonly<z.infer<typeof dbConfigSchema>>;
export type TlsConfig = NonNullable<Extract<DbConfig, { kind: 'postgres' }>['tls']>;
