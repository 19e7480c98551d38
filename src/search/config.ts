import { z } from 'zod';

const tls = z
  .strictObject({
    ca_file: z.string().min(1).optional().describe('File with the certificates that sign those of the nodes (PEM)'),
    verify: z.boolean().default(true).describe('Whether certificates are checked; false is for trials alone'),
  })
  .prefault({});

const opensearch = z.strictObject({
  kind: z.literal('opensearch').describe('Search in OpenSearch 2.x, which `alpr index` keeps up to date'),
  nodes: z
    .array(z.string().regex(/^https?:\/\/[^\s/@]+\/?$/, 'expected http(s)://host:port, without a password'))
    .min(1)
    .describe('Addresses of the nodes'),
  username: z.string().min(1).optional().describe('User, where the cluster asks for one'),
  password: z.string().min(1).optional().describe('Its password; better given by the environment than by the file'),
  tls,
  index: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,60}$/, 'expected lower-case letters, digits and dashes')
    .default('alpr-events')
    .describe('Alias that is searched; its indices are one for each month, such as alpr-events-2026.05'),
  shards: z.int().min(1).max(64).default(1).describe('Shards of each index; more spread a month over more nodes'),
  replicas: z
    .int()
    .min(0)
    .max(8)
    .default(1)
    .describe('Copies of each shard on other nodes; 0 where there is one node alone'),
  retention_days: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe('Days after which a whole month is deleted by index management (ISM), where the cluster has it'),
  request_timeout_ms: z.int().min(100).max(300_000).default(30_000).describe('Longest wait for an answer'),
  batch_events: z
    .int()
    .min(1)
    .max(20_000)
    .default(1000)
    .describe('Most events indexed at once; raising it raises throughput and memory by about 4 kB each'),
  batch_wait_ms: z
    .int()
    .min(0)
    .max(60_000)
    .default(500)
    .describe('Longest wait in milliseconds for such a batch to fill; raising it makes fewer requests, each later'),
});

/** Where events are searched. */
export const searchConfigSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('postgres').describe('Search in the database; nothing else is needed') }),
    opensearch,
  ])
  .prefault({ kind: 'postgres' });

export type SearchConfig = Readonly<z.infer<typeof searchConfigSchema>>;

/** The part of the configuration for OpenSearch. */
export type OpenSearchConfig = Extract<SearchConfig, { kind: 'opensearch' }>;
