import { setTimeout as sleep } from 'node:timers/promises';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Topics } from '../contract/topics.ts';
import type { KafkaConfig } from './config.ts';
import { createAdmin, describeKafkaError, isAnswer, type KafkaAccess, type KafkaAdmin } from './kafka-client.ts';

const DAY_MS = 86_400_000;

/** How long live pictures are kept, milliseconds: they matter only to current viewers. */
const LIVE_MS = 300_000;

/** A dead letter is a message with additional headers and must fit whatever the broker's default is. */
const LETTER_BYTES = 8 << 20;

/** Partitions of topics with little traffic, which are all but that of events. */
const QUIET_PARTITIONS = 3;

/**
 * The broker dates messages by arrival: an edge's clock may be years off, and the broker would refuse its messages or
 * delete them at once.
 */
const ALWAYS = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];

/** How long a new topic may take to get its leaders, milliseconds. */
const LEADERS_MS = 15_000;

/** The names of all topics as configured. */
export function nameTopics({ topics }: KafkaConfig): Topics {
  const { plates, alerts, metrics, dead_letters: deadLetters, live, watch, cameras, trials } = topics;
  return { plates, alerts, metrics, deadLetters, live, watch, cameras, trials };
}

/** All topics of events: the common one, and those to which only one site writes, each with the id of that site. */
export function listEventTopics({ topics: { plates, sites } }: KafkaConfig): ReadonlyMap<string, string | undefined> {
  return new Map([[plates, undefined], ...sites.map((site) => [`${plates}.${site}`, site] as const)]);
}

type TopicsOptions = Readonly<{ access: KafkaAccess; config: KafkaConfig; log: Log; signal: AbortSignal }>;

/**
 * Makes sure that the `needed` topics exist and have leaders, and creates all missing ones if configured.
 * BUS_UNAVAILABLE when the broker does not answer in time, CONFIG_INVALID when a needed topic is missing and must not
 * be created.
 */
export async function ensureTopics(options: TopicsOptions, needed: readonly string[]): Promise<void> {
  const { access, config, signal } = options;
  await using admin = createAdmin(access);
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const why = new Error(`no answer within ${config.publish_timeout_ms} ms`);
  const timer = setTimeout(() => reject(why), config.publish_timeout_ms);
  const giveUp = () => reject(new Error('the bus is closed'));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await Promise.race([ensureWith(admin, options, needed), tooLate]);
  } catch (cause) {
    if (cause instanceof AlprError) throw cause;
    throw new AlprError('BUS_UNAVAILABLE', `Expected the broker to show its topics: ${describeKafkaError(cause)}`, {
      cause,
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

async function ensureWith(admin: KafkaAdmin, { config, log }: TopicsOptions, needed: readonly string[]): Promise<void> {
  const present = new Set(await admin.listTopics());
  const missing = needed.filter((topic) => !present.has(topic));
  if (missing.length > 0 && !config.topics.create) {
    throw new AlprError(
      'CONFIG_INVALID',
      `Expected the topics ${missing.join(', ')} on the broker, but they do not exist, or this user may not use them; create them and grant this user access, or set bus.topics.create`,
    );
  }
  const others = Object.values(nameTopics(config)).filter((topic) => !present.has(topic) && !needed.includes(topic));
  for (const topic of missing) await createTopic(admin, topic, config, log);
  if (config.topics.create) {
    for (const topic of others) await createTopic(admin, topic, config, log).catch(noteLater(topic, log));
  }
  await waitForLeaders(admin, needed);
}

/** Topics that only other services use are theirs to insist on; we may not even be allowed to see them. */
function noteLater(topic: string, log: Log): (error: unknown) => void {
  return (error) => log.warn({ topic, error: describeKafkaError(error) }, 'a topic that others use is not created');
}

async function createTopic(admin: KafkaAdmin, topic: string, config: KafkaConfig, log: Log): Promise<void> {
  const { plates, replication: replicas, dead_letters: letters } = config.topics;
  const partitions = topic === plates ? config.topics.partitions : Math.min(config.topics.partitions, QUIET_PARTITIONS);
  try {
    await admin.createTopics({
      topics: [topic],
      partitions,
      ...(replicas !== undefined && { replicas }),
      configs: [
        ...keep(topic, config),
        ...(topic === letters ? [entry('max.message.bytes', LETTER_BYTES)] : []),
        ...ALWAYS,
      ],
    });
    log.info({ topic, partitions }, 'a topic is created');
  } catch (error) {
    if (!isAnswer(error, 'TOPIC_ALREADY_EXISTS')) throw error;
  }
}

/** How long the broker keeps what is on a topic. */
function keep(topic: string, { topics }: KafkaConfig): readonly Readonly<{ name: string; value: string }>[] {
  const { live, watch, trials, cameras, retention_days: days } = topics;
  if (topic === cameras) return [{ name: 'cleanup.policy', value: 'compact' }];
  const policy = { name: 'cleanup.policy', value: 'delete' };
  if (topic !== live && topic !== watch && topic !== trials)
    return [policy, entry('retention.ms', Math.round(days * DAY_MS))];
  return [policy, entry('retention.ms', LIVE_MS), entry('segment.ms', LIVE_MS)];
}

function entry(name: string, value: number): { name: string; value: string } {
  return { name, value: String(value) };
}

/** A message to a topic without leaders costs the client a pause and an error. */
async function waitForLeaders(admin: KafkaAdmin, topics: readonly string[]): Promise<void> {
  const deadline = performance.now() + LEADERS_MS;
  while (!(await haveLeaders(admin, topics))) {
    if (performance.now() > deadline) {
      throw new AlprError('BUS_UNAVAILABLE', `Expected leaders of ${topics.join(', ')} within ${LEADERS_MS} ms`);
    }
    await sleep(50);
  }
}

async function haveLeaders(admin: KafkaAdmin, topics: readonly string[]): Promise<boolean> {
  try {
    const metadata = await admin.metadata({ topics: [...topics], forceUpdate: true, metadataMaxAge: 0, retries: 0 });
    return topics.every((topic) => metadata.topics.get(topic)?.partitions.every(({ leader }) => leader >= 0));
  } catch (error) {
    // The client may still report "Unknown topic" for a topic that was just created.
    if (error instanceof Error && /Unknown topic/.test(error.message)) return false;
    throw error;
  }
}
