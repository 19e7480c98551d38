import { PLATE_EVENT_AVSC } from '../contract/event-codec.ts';
import { type KafkaConfig, type RegistryConfig, registryConfigSchema } from './config.ts';
import { createAccess, createAdmin, describeKafkaError } from './kafka-client.ts';
import { nameTopics } from './kafka-topics.ts';
import { createAskRegistry, describeBody } from './registry-request.ts';

/** How many brokers there are, and the topics that are not there or that we may not see. */
export type BusExamined = Readonly<{ brokers: number; missing: readonly string[] }>;

/** Asks the brokers once, changing nothing. Rejects with what the client says when none of them lets us in. */
export async function examineKafka(config: KafkaConfig): Promise<BusExamined> {
  const admin = createAdmin({ ...(await createAccess(config)), retries: 0 });
  try {
    const present = new Set(await admin.listTopics());
    const { brokers } = await admin.metadata({ topics: [], forceUpdate: true });
    const missing = Object.values(nameTopics(config)).filter((topic) => !present.has(topic));
    return { brokers: brokers.size, missing };
  } catch (cause) {
    throw new Error(describeKafkaError(cause), { cause });
  } finally {
    await admin.close();
  }
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
