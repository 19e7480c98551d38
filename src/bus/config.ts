import { z } from 'zod';
import { DEFAULT_TOPICS } from '../contract/topics.ts';

const topicName = (name: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected 1–249 letters, digits, dots, dashes or underscores')
    .default(name);

const tlsConfigSchema = z.strictObject({
  ca_file: z
    .string()
    .min(1)
    .optional()
    .describe('File with the certificate authorities (PEM) to trust; those of Node.js if left out.'),
  certificate_file: z.string().min(1).optional().describe('Client certificate (PEM), if the server asks for one.'),
  key_file: z.string().min(1).optional().describe('Private key (PEM) of the client certificate.'),
  verify: z
    .boolean()
    .default(true)
    .describe('Whether the server must prove its name. Off protects against eavesdroppers only, not impostors.'),
});

const saslConfigSchema = z.strictObject({
  mechanism: z
    .enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])
    .describe('How the password is sent. PLAIN reveals it: use it over TLS only.'),
  username: z.string().min(1).describe('User name.'),
  password: z.string().min(1).describe('Password; best given by the environment.'),
});

const topicsConfigSchema = z
  .strictObject({
    plates: topicName(DEFAULT_TOPICS.plates).describe('Topic of events, keyed by camera.'),
    alerts: topicName(DEFAULT_TOPICS.alerts).describe('Topic of alerts.'),
    metrics: topicName(DEFAULT_TOPICS.metrics).describe('Topic of the metrics of all processes.'),
    dead_letters: topicName(DEFAULT_TOPICS.deadLetters).describe('Topic of messages that can never be handled.'),
    live: topicName(DEFAULT_TOPICS.live).describe('Topic of pictures and boxes for the live wall, kept for minutes.'),
    watch: topicName(DEFAULT_TOPICS.watch).describe(
      'Topic on which the API says which live pictures somebody looks at.',
    ),
    cameras: topicName(DEFAULT_TOPICS.cameras).describe(
      'Topic of the cameras that were added on the page, keyed by camera and compacted: the newest of each is kept for ever.',
    ),
    trials: topicName(DEFAULT_TOPICS.trials).describe(
      'Topic on which the API asks an edge to try a camera, and gets the answer; kept for minutes.',
    ),
    sites: z
      .array(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected 1–64 letters, digits, dots, dashes or underscores'))
      .max(200)
      .default([])
      .describe(
        'Ids of sites whose edges write events to a topic of their own: the name of `plates`, a dot and the id. Every process that reads events also reads these topics, and refuses events of other sites on them. Set it for the processes that read events; on the edge, set `plates` to the topic of its site.',
      ),
    create: z
      .boolean()
      .default(true)
      .describe('Whether missing topics are created. Turn it off where an administrator creates them.'),
    partitions: z
      .int()
      .min(1)
      .max(10_000)
      .meta({ unit: 'partitions' })
      .default(12)
      .describe(
        'Partitions of the topic of events when it is created. Raising it lets more ingest instances share the work.',
      ),
    replication: z
      .int()
      .min(1)
      .max(32)
      .meta({ unit: 'copies' })
      .optional()
      .describe(
        'Copies of each topic that is created; the broker’s default if left out. Raising it survives more lost brokers.',
      ),
    retention_days: z
      .number()
      .min(0.01)
      .max(3650)
      .meta({ unit: 'days' })
      .default(7)
      .describe(
        'Time for which created topics keep messages, handled or not. Raising it allows longer outages and costs disk space.',
      ),
  })
  .prefault({})
  .describe('Names and shape of the topics.');

const groupName = (name: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,200}$/, 'expected 1–200 letters, digits, dots, dashes or underscores')
    .default(name);

const groupsConfigSchema = z
  .strictObject({
    ingest: groupName('ingest').describe('Group that takes events into the database.'),
    index: groupName('index').describe('Group that takes events into the search index.'),
    dead_letters: groupName('dead-letter-count').describe('Group that counts dead letters.'),
    others: z
      .string()
      .regex(/^[A-Za-z0-9._-]{0,100}$/, 'expected up to 100 letters, digits, dots, dashes or underscores')
      .default('')
      .describe(
        'Beginning of the names of all other groups, such as those of live viewers, for access lists by prefix.',
      ),
  })
  .prefault({})
  .describe('Names of the consumer groups at the broker. Under a new name a group begins at the oldest message.');

export const registryConfigSchema = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\//, 'expected http:// or https://')
    .default('http://127.0.0.1:8081')
    .describe('Schema registry that speaks the API of Confluent; for Apicurio http://host:8080/apis/ccompat/v7.'),
  username: z.string().min(1).optional().describe('User name for basic authentication.'),
  password: z.string().min(1).optional().describe('Password for basic authentication; best set in the environment.'),
  tls: tlsConfigSchema
    .optional()
    .describe('How the registry is trusted, if the certificate authorities of Node.js do not suffice.'),
  set_compatibility: z
    .boolean()
    .default(true)
    .describe('Whether compatibility of the subject is set to FULL_TRANSITIVE when the schema is registered.'),
  timeout_ms: z
    .int()
    .min(100)
    .max(60_000)
    .meta({ unit: 'milliseconds' })
    .default(5000)
    .describe('Longest wait for an answer. Raise it for a distant registry.'),
});

/** Where services meet: in this process, or on Kafka. */
export const busConfigSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('memory').describe('In this process: cameras, storage and page run together.') }),
    z.strictObject({
      kind: z.literal('kafka').describe('On Kafka: each service may be a process on a machine of its own.'),
      brokers: z
        .array(z.string().regex(/^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, 'expected host:port'))
        .min(1)
        .describe('Brokers to ask first, as host:port; they name the others.'),
      client_id: z
        .string()
        .regex(/^\S{1,200}$/)
        .optional()
        .describe('Name of this program at the brokers; `ovr-alpr-<command>-<host>-<process>` if left out.'),
      groups: groupsConfigSchema,
      format: z
        .enum(['avro', 'json'])
        .default('avro')
        .describe('How events are written: as Avro with the schema registry, or as JSON. Both are read.'),
      compression: z
        .enum(['none', 'gzip', 'lz4', 'zstd'])
        .default('lz4')
        .describe('How batches are compressed; zstd is smaller and slower than lz4.'),
      sasl: saslConfigSchema.optional().describe('Name and password, if the brokers ask for them.'),
      tls: tlsConfigSchema
        .optional()
        .describe('Encrypts the connections to the brokers; {} is enough if their certificates are publicly trusted.'),
      publish_timeout_ms: z
        .int()
        .min(1000)
        .max(600_000)
        .meta({ unit: 'milliseconds' })
        .default(30_000)
        .describe(
          'Time after which events that the broker did not take return to the spool, to be sent again. Raise it for slow brokers.',
        ),
      session_timeout_ms: z
        .int()
        .min(6000)
        .max(1_800_000)
        .meta({ unit: 'milliseconds' })
        .default(10_000)
        .describe(
          'Silence after which the partitions of a consumer go to others of its group. Raising it calms a group on busy machines and replaces a dead member later.',
        ),
      topics: topicsConfigSchema,
      registry: registryConfigSchema
        .optional()
        .describe('Where schemas are registered. Avro needs it; JSON only if messages in Avro are read too.'),
    }),
  ])
  .prefault({ kind: 'memory' })
  .describe('Where services meet.');

export type BusConfig = Readonly<z.infer<typeof busConfigSchema>>;
export type KafkaConfig = Extract<BusConfig, { kind: 'kafka' }>;
export type RegistryConfig = Readonly<z.infer<typeof registryConfigSchema>>;
export type TlsConfig = Readonly<z.infer<typeof tlsConfigSchema>>;
