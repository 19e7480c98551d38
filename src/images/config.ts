import { z } from 'zod';

const files = z.strictObject({
  kind: z.literal('files').describe('Files in a folder.'),
  folder: z
    .string()
    .min(1)
    .default('images')
    .describe('Folder of the pictures; a relative one lies below the data folder.'),
});

const s3 = z.strictObject({
  kind: z.literal('s3').describe('A bucket of MinIO, AWS S3 or any other store that speaks S3.'),
  endpoint: z
    .string()
    .regex(/^https?:\/\/[^/?#@]+\/?$/, 'expected http(s)://host or http(s)://host:port without a path')
    .describe('Address of the store, for example https://s3.eu-central-1.amazonaws.com or http://127.0.0.1:9000.'),
  region: z.string().min(1).default('us-east-1').describe('Region of the bucket; MinIO takes us-east-1.'),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected 3–63 lower-case letters, digits, dots or dashes')
    .describe('Name of the bucket, which is created if it does not exist.'),
  access_key_id: z.string().min(1).describe('Access key; best given by the environment.'),
  secret_access_key: z.string().min(1).describe('Secret of the access key; best given by the environment.'),
  path_style: z
    .boolean()
    .default(true)
    .describe('Whether the name of the bucket stands in the path (MinIO) or before the host name (AWS: false).'),
  delivery: z
    .enum(['proxy', 'redirect'])
    .default('proxy')
    .describe(
      'How the page gets pictures: through this program, or by a signed link to the store, which browsers must then reach at `endpoint`.',
    ),
  link_seconds: z
    .int()
    .min(1)
    .max(604_800)
    .meta({ unit: 'seconds' })
    .default(300)
    .describe('Time for which a signed link works. Raising it lets a copied link be used for longer.'),
  timeout_ms: z
    .int()
    .min(100)
    .max(600_000)
    .meta({ unit: 'milliseconds' })
    .default(15_000)
    .describe('Time after which a request to the store is abandoned and tried again. Raise it on slow uplinks.'),
  waiting_folder: z
    .string()
    .min(1)
    .default('pictures-waiting')
    .describe(
      'Folder where the edge keeps pictures until the store has them; a relative one lies below the data folder.',
    ),
  waiting_bytes: z
    .int()
    .min(1_000_000)
    .max(1_000_000_000_000_000)
    .meta({ unit: 'bytes' })
    .default(10_000_000_000)
    .describe(
      'Disk space that waiting pictures may take; beyond it the oldest are given up and counted. Raising it survives longer outages of the store.',
    ),
});

/** Where pictures are kept. */
export const imagesConfigSchema = z
  .discriminatedUnion('kind', [files, s3])
  .prefault({ kind: 'files' })
  .describe('Where pictures are kept.');

export type ImagesConfig = Readonly<z.infer<typeof imagesConfigSchema>>;
export type S3Config = Readonly<z.infer<typeof s3>>;
