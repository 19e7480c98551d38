import { randomUUID } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { KafkaConfig } from './config.ts';
import {
  createAccess,
  createConsumer,
  createLossyProducer,
  createProbe,
  createProducer,
  describeKafkaError,
} from './kafka-client.ts';
import { KafkaMember } from './kafka-consumer.ts';
import { KafkaHealth } from './kafka-health.ts';
import { probeBroker } from './kafka-probe.ts';
import { KafkaSender } from './kafka-producer.ts';
import { readAdvance, readTopicNow } from './kafka-reader.ts';
import { ensureTopics, listEventTopics } from './kafka-topics.ts';
import type { BusMetrics } from './metrics.ts';
import type { BusMessage, HandleMessages, KeepingTransport, Membership } from './transport.ts';

/** How long a live picture may take, milliseconds. */
const LIVE_TIMEOUT_MS = 3000;

export type KafkaOptions = Readonly<{
  config: KafkaConfig;
  /** Which command runs. */
  client?: string | undefined;
  log: Log;
  metrics: BusMetrics;
}>;

/**
 * The bus on Kafka. It opens without a broker: until there is one, `publish` rejects with BUS_UNAVAILABLE after its
 * time limit, and subscriptions wait. CONFIG_INVALID for certificates that cannot be read.
 */
export async function openKafkaTransport(options: KafkaOptions): Promise<KeepingTransport> {
  const { config, log, metrics } = options;
  const access = await createAccess(config, options.client);
  const stopping = new AbortController();
  const topics = new TopicCheck((needed) => ensureTopics({ access, config, log, signal: stopping.signal }, needed));
  await using opened = new AsyncDisposableStack();
  const connections = new Set<KafkaHealth>();
  const watch = (client: string) => {
    const health = new KafkaHealth({ client, log, metrics, onForget: () => connections.delete(health) });
    connections.add(health);
    return health;
  };
  const health = watch('producer');
  const sender = opened.use(
    new KafkaSender({
      createProducer: () => createProducer(access, config.compression),
      timeoutMs: config.publish_timeout_ms,
      health,
    }),
  );
  const liveHealth = watch('live');
  const live = opened.use(
    new KafkaSender({
      createProducer: () => createLossyProducer(access),
      timeoutMs: LIVE_TIMEOUT_MS,
      health: liveHealth,
    }),
  );
  const probing = probeBroker({
    createClient: () => createProbe(access),
    ...createProbeNotes(connections, [health, liveHealth]),
    signal: stopping.signal,
  });
  opened.defer(() => probing);
  const members = opened.use(new AsyncDisposableStack());
  opened.defer(async () => stopping.abort());
  const closing = opened.move();

  const sessionMs = config.session_timeout_ms;
  const openConsumer = (groupId: string, buffered: number) => createConsumer(access, { groupId, sessionMs, buffered });
  const openMember = (subscription: Membership & Readonly<{ name: string }>, handle: HandleMessages) =>
    members.use(
      new KafkaMember({
        subscription,
        handle,
        prepare: () => topics.ensure([subscription.topic]),
        createConsumer: () => openConsumer(subscription.group, Math.max(1024, 2 * subscription.maxBatch)),
        health: watch(`${subscription.topic}/${subscription.name}`),
        metrics,
        log,
      }),
    );
  const eventTopics = listEventTopics(config);
  /** Members of one group must all read the same topics, so each site's topic has groups of its own. */
  const groupOn = (topic: string, group: string) =>
    [nameGroup(config, group), eventTopics.get(topic)].filter(Boolean).join('.');
  return {
    kind: 'kafka',
    get works() {
      return connections.values().every(({ isUp }) => isUp);
    },
    async publish(messages) {
      const { live: pictureTopic, watch: watchTopic } = config.topics;
      const [pictures, others] = partition(messages, ({ topic }) => topic === pictureTopic || topic === watchTopic);
      if (others.length > 0) {
        await topics.ensure(topicsOf(others), health);
        await topics.doubtOnFailure(topicsOf(others), sender.send(others));
      }
      if (pictures.length > 0) {
        await topics.ensure(topicsOf(pictures));
        await live.offer(pictures);
      }
    },
    async subscribe(membership, handle) {
      const { group, name = group } = membership;
      const own = { ...membership, name: nameGroup(config, name) };
      if (membership.topic !== config.topics.plates || eventTopics.size === 1) {
        return openMember({ ...own, group: nameGroup(config, group) }, handle);
      }
      const opened = new AsyncDisposableStack();
      const inTurn = takeTurns(handle);
      for (const topic of eventTopics.keys())
        opened.use(openMember({ ...own, topic, group: groupOn(topic, group) }, inTurn));
      return opened;
    },
    readTopic: (topic, choice = {}) =>
      explainFailure(topic, async () => {
        await topics.ensure([topic]);
        return readTopicNow(openConsumer(nameGroup(config, `reader-${randomUUID()}`), 1024), topic, choice);
      }),
    readAdvance: (topic, group) =>
      explainFailure(topic, () => readAdvance(openConsumer(groupOn(topic, group), 1024), topic)),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Hands on one batch at a time, whichever topic it comes from. */
function takeTurns(handle: HandleMessages): HandleMessages {
  let last: Promise<unknown> = Promise.resolve();
  return (batch, later) => {
    const turn = last.then(() => handle(batch, later));
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function explainFailure<T>(topic: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof AlprError) throw cause;
    throw new AlprError('BUS_UNAVAILABLE', `Expected to read ${topic}: ${describeKafkaError(cause)}`, { cause });
  }
}

/** What the broker calls a group. */
function nameGroup({ groups }: KafkaConfig, group: string): string {
  const { ingest, index, dead_letters: deadLetters } = groups;
  const names: Readonly<Record<string, string>> = { ingest, index, 'dead-letter-count': deadLetters };
  return names[group] ?? groups.others + group;
}

/**
 * What a probe tells the connections. While one of them works, the brokers asked are not the only ones. When the broker is
 * back, a consumer finds that out itself; a producer might have nothing to send for hours.
 */
function createProbeNotes(connections: ReadonlySet<KafkaHealth>, producers: readonly KafkaHealth[]) {
  let isSilent = false;
  return {
    onAnswer() {
      if (isSilent) for (const producer of producers) producer.noteWorking();
      isSilent = false;
    },
    onSilence(error: unknown, since: number) {
      if (connections.values().some((connection) => connection.hasWorkedSince(since))) return;
      isSilent = true;
      for (const connection of connections) connection.noteSilence(error);
    },
  };
}

/** Checks once whether a topic exists, when it is first needed and again after a failure. */
class TopicCheck {
  readonly #check: (needed: readonly string[]) => Promise<void>;
  readonly #checked = new Map<string, Promise<void>>();

  constructor(check: (needed: readonly string[]) => Promise<void>) {
    this.#check = check;
  }

  async ensure(needed: readonly string[], health?: KafkaHealth): Promise<void> {
    const fresh = needed.filter((topic) => !this.#checked.has(topic));
    if (fresh.length > 0) {
      const checking = this.#check(fresh);
      // A caller that waits for several topics may leave at the first failure.
      checking.catch(() => undefined);
      for (const topic of fresh) this.#checked.set(topic, checking);
    }
    try {
      for (const topic of needed) await this.#checked.get(topic);
    } catch (error) {
      this.#doubt(needed);
      health?.noteFailed(error);
      throw error;
    }
  }

  async doubtOnFailure(used: readonly string[], work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof AlprError) || error.code !== 'MESSAGE_REFUSED') this.#doubt(used);
      throw error;
    }
  }

  #doubt(topics: readonly string[]): void {
    for (const topic of topics) this.#checked.delete(topic);
  }
}

function topicsOf(messages: readonly BusMessage[]): readonly string[] {
  return [...new Set(messages.map(({ topic }) => topic))];
}

function partition(
  messages: readonly BusMessage[],
  belongs: (message: BusMessage) => boolean,
): [BusMessage[], BusMessage[]] {
  return [messages.filter(belongs), messages.filter((message) => !belongs(message))];
}
