import { z } from 'zod';
import { DEFAULT_TOPICS } from '../contract/topics.ts';

const topicName = (name: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected 1–249 letters, digits, dots, dashes or underscores')
    .default(name);

const tlsConfigSchema = z.strictObject({
  ca_file: z.string().min(1).optional().describe('Certificates (PEM) of who signed the server’s; without it Node’s'),
  certificate_file: z.string().min(1).optional().describe('Our own certificate (PEM), where the server asks for one'),
  key_file: z.string().min(1).optional().describe('Key (PEM) of our own certificate'),
  verify: z
    .boolean()
    .default(true)
    .describe('Whether the server must prove its name; false protects from listeners alone, not from impostors'),
});

const saslConfigSchema = z.strictObject({
  mechanism: z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']).describe('PLAIN shows the password: use it over TLS'),
  username: z.string().min(1),
  password: z.string().min(1).describe('Better given by the environment than by the file'),
});

const topicsConfigSchema = z
  .strictObject({
    plates: topicName(DEFAULT_TOPICS.plates).describe('Topic of events, keyed by camera'),
    alerts: topicName(DEFAULT_TOPICS.alerts).describe('Topic of alerts'),
    metrics: topicName(DEFAULT_TOPICS.metrics).describe('Topic of what the processes count'),
    dead_letters: topicName(DEFAULT_TOPICS.deadLetters).describe('Topic of messages that could never be handled'),
    live: topicName(DEFAULT_TOPICS.live).describe('Topic of pictures and boxes for the live wall; kept for minutes'),
    watch: topicName(DEFAULT_TOPICS.watch).describe('Topic on which the API says whose live pictures are looked at'),
    create: z
      .boolean()
      .default(true)
      .describe('Whether topics that are missing are created; false where that is the administrator’s to do'),
    partitions: z
      .int()
      .min(1)
      .max(10_000)
      .default(12)
      .describe(
        'Partitions of the topic of events where it is created; raising it lets more ingest instances share the work',
      ),
    replication: z
      .int()
      .min(1)
      .max(32)
      .optional()
      .describe('Copies of topics that are created; without it the broker’s own default'),
    retention_days: z
      .number()
      .min(0.01)
      .max(3650)
      .default(7)
      .describe('Days that topics which are created keep their messages, also handled ones'),
  })
  .prefault({});

export const registryConfigSchema = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\//, 'expected http:// or https://')
    .default('http://127.0.0.1:8081')
    .describe('Schema registry that speaks Confluent’s API; Apicurio: http://host:8080/apis/ccompat/v7'),
  username: z.string().min(1).optional().describe('For basic authentication'),
  password: z.string().min(1).optional().describe('For basic authentication; better given by the environment'),
  tls: tlsConfigSchema.optional().describe('How to trust the registry, where Node’s own certificates do not do'),
  set_compatibility: z
    .boolean()
    .default(true)
    .describe('Whether the subject is set to FULL_TRANSITIVE when our schema is registered'),
  timeout_ms: z.int().min(100).max(60_000).default(5000).describe('Longest wait in milliseconds for an answer'),
});

/** Where services meet: in this process, or on Kafka. */
export const busConfigSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('memory').describe('In this process: cameras, storage and page run together') }),
    z.strictObject({
      kind: z.literal('kafka').describe('On Kafka: each service may be a process and a machine of its own'),
      brokers: z
        .array(z.string().regex(/^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, 'expected host:port'))
        .min(1)
        .describe('Brokers to ask first, host:port; the others are learned from them'),
      client_id: z
        .string()
        .regex(/^\S{1,200}$/)
        .default('ovr-alpr')
        .describe('Name under which the broker sees us'),
      format: z
        .enum(['avro', 'json'])
        .default('avro')
        .describe('How events are written: Avro with the schema registry, or JSON. Both are read'),
      compression: z
        .enum(['none', 'gzip', 'lz4', 'zstd'])
        .default('lz4')
        .describe('How batches are compressed; zstd is smaller and slower than lz4'),
      sasl: saslConfigSchema.optional().describe('Name and password, where the brokers ask for them'),
      tls: tlsConfigSchema.optional().describe('Present: speak TLS with the brokers'),
      publish_timeout_ms: z
        .int()
        .min(1000)
        .max(600_000)
        .default(30_000)
        .describe(
          'Milliseconds after which events that the broker did not take go back to the spool, to be sent again',
        ),
      session_timeout_ms: z
        .int()
        .min(6000)
        .max(1_800_000)
        .default(10_000)
        .describe(
          'Milliseconds without a sign of life after which a consumer’s partitions go to others of its group; raising it calms a group on busy machines and makes a dead member be missed later',
        ),
      topics: topicsConfigSchema,
      registry: registryConfigSchema
        .optional()
        .describe(
          'Where schemas are registered. Needed for Avro; with JSON, only where messages in Avro are to be read too',
        ),
    }),
  ])
  .prefault({ kind: 'memory' });

export type BusConfig = Readonly<z.infer<typeof busConfigSchema>>;
export type KafkaConfig = Extract<BusConfig, { kind: 'kafka' }>;
export type RegistryConfig = Readonly<z.infer<typeof registryConfigSchema>>;
export type TlsConfig = Readonly<z.infer<typeof tlsConfigSchema>>;
