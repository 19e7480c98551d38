import { PLATE_EVENT_AVSC } from '../contract/event-codec.ts';
import { type KafkaConfig, type RegistryConfig, registryConfigSchema } from './config.ts';
import {
  createAccess,
  createAdmin,
  createLossyProducer,
  describeKafkaError,
  type KafkaAccess,
} from './kafka-client.ts';
import { nameTopics } from './kafka-topics.ts';
import { createAskRegistry, describeBody } from './registry-request.ts';

/** How many brokers there are and of which generation, the topics that are not there or that we may not see, and their clock. */
export type BusExamined = Readonly<{
  brokers: number;
  generation: string;
  missing: readonly string[];
  /** How far their clock is ahead of ours, milliseconds; undefined where their topics keep our times. */
  clockMs: number | undefined;
}>;

/** Kafka 4 took the oldest forms of the request with this number (Fetch) away. */
const [FETCH, OLDEST_OF_4] = [1, 4];

/** The offset of the message with the latest time (KIP-734). */
const LATEST_TIME = -3n;

const ODD_MS = 1234;

/** Asks the brokers, and writes one message that nobody minds. Rejects with what the client says when they do not let us. */
export async function examineKafka(config: KafkaConfig): Promise<BusExamined> {
  const access = { ...(await createAccess(config)), retries: 0 };
  await using admin = createAdmin(access);
  try {
    const fetch = (await admin.listApis()).find(({ apiKey }) => apiKey === FETCH);
    const generation = (fetch?.minVersion ?? 0) >= OLDEST_OF_4 ? 'Kafka 4' : 'Kafka 3 or older';
    const topics = nameTopics(config);
    const present = new Set(await admin.listTopics());
    const { brokers } = await admin.metadata({ topics: [], forceUpdate: true });
    const missing = Object.values(topics).filter((topic) => !present.has(topic));
    const clockMs = present.has(topics.watch) ? await writeOnce(access, topics.watch) : undefined;
    return { brokers: brokers.size, generation, missing, clockMs };
  } catch (cause) {
    throw new Error(describeKafkaError(cause), { cause });
  }
}

/** Says for a millisecond that nobody watches, and reads when the broker took that; undefined where it keeps the time that we gave. */
async function writeOnce(access: KafkaAccess, topic: string): Promise<number | undefined> {
  await using admin = createAdmin(access);
  await using producer = createLossyProducer(access);
  // A time that no clock of ours has shows whether the broker puts its own in its place.
  const ours = BigInt(Date.now() - ODD_MS);
  const value = Buffer.from(JSON.stringify({ cameras: [], for_ms: 1 }));
  const asked = Date.now();
  const sent = await producer.send({ messages: [{ topic, key: Buffer.from('watch'), value, timestamp: ours }] });
  const middle = (asked + Date.now()) / 2;
  const partitionIndex = sent.offsets?.[0]?.partition ?? 0;
  const [found] = await admin.listOffsets({
    topics: [{ name: topic, partitions: [{ partitionIndex, timestamp: LATEST_TIME }] }],
  });
  const at = Number(found?.partitions[0]?.timestamp ?? ours);
  return Math.abs(at - Number(ours)) < 1 ? undefined : at - middle;
}

/** The registry that events are written with, undefined where none is asked. */
export function findRegistry(config: KafkaConfig): RegistryConfig | undefined {
  return config.registry ?? (config.format === 'avro' ? registryConfigSchema.parse({}) : undefined);
}

/** Asks the registry whether it would take the schema of this version, changing nothing; why not, or undefined if it would. */
export async function examineRegistry(config: KafkaConfig, registry: RegistryConfig): Promise<string | undefined> {
  const ask = await createAskRegistry(registry);
  const subject = encodeURIComponent(`${nameTopics(config).plates}-value`);
  const body = { schema: PLATE_EVENT_AVSC, schemaType: 'AVRO' };
  const answer = await ask('POST', `/compatibility/subjects/${subject}/versions/latest`, body);
  // A subject that is not there yet takes any schema.
  if (answer.status === 404 || answer.body.is_compatible === true) return undefined;
  return `it does not take the schema of this version: status ${answer.status}${describeBody(answer)}`;
}
