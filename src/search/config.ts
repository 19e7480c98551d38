import { z } from 'zod';

const tls = z
  .strictObject({
    ca_file: z.string().min(1).optional().describe('File with the certificate authorities (PEM) to trust.'),
    verify: z.boolean().default(true).describe('Whether certificates are checked. Turn it off for trials only.'),
  })
  .prefault({})
  .describe('How the nodes are trusted.');

/** Search in a cluster of OpenSearch. */
export const openSearchConfigSchema = z.strictObject({
  kind: z.literal('opensearch').describe('Search in OpenSearch 2.x, which `alpr index` keeps up to date.'),
  nodes: z
    .array(z.string().regex(/^https?:\/\/[^\s/@]+\/?$/, 'expected http(s)://host:port, without a password'))
    .min(1)
    .describe('Addresses of the nodes.'),
  username: z.string().min(1).optional().describe('User name, if the cluster asks for one.'),
  password: z.string().min(1).optional().describe('Password; best given by the environment.'),
  tls,
  index: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,60}$/, 'expected lower-case letters, digits and dashes')
    .default('alpr-events')
    .describe('Alias that is searched. Behind it is one index for each month, such as alpr-events-2026.05.'),
  shards: z
    .int()
    .min(1)
    .max(64)
    .meta({ unit: 'shards' })
    .default(1)
    .describe('Shards of each index. Raising it spreads a month over more nodes.'),
  replicas: z
    .int()
    .min(0)
    .max(8)
    .meta({ unit: 'copies' })
    .default(1)
    .describe('Copies of each shard on other nodes; 0 for a single node. Raising it survives more lost nodes.'),
  request_timeout_ms: z
    .int()
    .min(100)
    .max(300_000)
    .meta({ unit: 'milliseconds' })
    .default(30_000)
    .describe('Longest wait for an answer. Raise it for a slow cluster.'),
  batch_events: z
    .int()
    .min(1)
    .max(20_000)
    .meta({ unit: 'events' })
    .default(1000)
    .describe('Most events indexed at once. Raising it gives more throughput and costs about 4 kB for each.'),
  batch_wait_ms: z
    .int()
    .min(0)
    .max(60_000)
    .meta({ unit: 'milliseconds' })
    .default(500)
    .describe('Longest wait for such a batch to fill. Raising it makes fewer, larger and later requests.'),
});

/** Where events are searched. */
export const searchConfigSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('postgres').describe('Search in the database; nothing else is needed.') }),
    openSearchConfigSchema,
  ])
  .prefault({ kind: 'postgres' })
  .describe('Where events are searched.');

export type SearchConfig = Readonly<z.infer<typeof searchConfigSchema>>;

/** The part of the configuration for OpenSearch. */
export type OpenSearchConfig = Readonly<z.infer<typeof openSearchConfigSchema>>;
