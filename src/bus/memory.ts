import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { backoffDelay, pause } from '../base/retry.ts';
import type { BusMessage, HandleMessages, Membership, Transport } from './transport.ts';

const REDELIVERY = { firstMs: 100, maxMs: 5000, factor: 2 };

export type MemoryOptions = Readonly<{
  /** Groups that must subscribe before a message of that topic is accepted; without them it would be lost. */
  requiredGroups: Readonly<Record<string, readonly string[]>>;
  /** Topics of which the newest message of each key is kept. */
  kept?: readonly string[];
  log: Log;
}>;

/** Carries messages within the process: a publisher waits until every subscribed group has handled its messages. */
export function openMemoryTransport(options: MemoryOptions): Transport {
  const topics = new Map<string, Map<string, Group>>();

  const kept = new Map(options.kept?.map((topic) => [topic, new Map<string, BusMessage>()]));

  const groupsOf = (topic: string) => {
    const groups = topics.get(topic) ?? new Map<string, Group>();
    topics.set(topic, groups);
    return groups;
  };

  const deliver = (message: BusMessage): Promise<void>[] => {
    const groups = groupsOf(message.topic);
    for (const required of options.requiredGroups[message.topic] ?? []) {
      if (!groups.has(required)) {
        throw new AlprError('BUS_UNAVAILABLE', `Topic ${message.topic} has no consumer in group ${required} yet`);
      }
    }
    kept.get(message.topic)?.set(message.key, message);
    return [...groups.values()].map((group) => group.add(message));
  };

  return {
    kind: 'memory',
    works: true,
    async publish(messages) {
      await Promise.all(messages.flatMap(deliver));
    },
    async subscribe(subscription, handle) {
      const groups = groupsOf(subscription.topic);
      const group = groups.get(subscription.group) ?? new Group(subscription, options.log);
      groups.set(subscription.group, group);
      if (subscription.from === 'earliest') {
        // Nobody waits for these, and a bus that closes before they are handled says so.
        for (const message of kept.get(subscription.topic)?.values() ?? []) group.add(message).catch(() => undefined);
      }
      const leave = group.join({ subscription, handle });
      return {
        async [Symbol.asyncDispose]() {
          await leave();
          if (group.empty) groups.delete(subscription.group);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      const all = [...topics.values()].flatMap((groups) => [...groups.values()]);
      topics.clear();
      await Promise.all(all.map((group) => group.close()));
    },
  };
}

type Member = Readonly<{
  subscription: Membership;
  handle: HandleMessages;
}>;

type Pending = Readonly<{ message: BusMessage; done: () => void; fail: (error: unknown) => void }>;

/**
 * One consumer group of one topic. The first member works and the others stand by, which keeps the order without
 * partitions.
 */
class Group {
  readonly #name: string;
  readonly #log: Log;
  readonly #queue: Pending[] = [];
  readonly #members: Member[] = [];
  readonly #closing = new AbortController();
  #wake = Promise.withResolvers<void>();
  #working: Promise<void> | undefined;

  constructor(subscription: Membership, log: Log) {
    this.#name = `${subscription.topic}/${subscription.group}`;
    this.#log = log;
  }

  get empty(): boolean {
    return this.#members.length === 0;
  }

  add(message: BusMessage): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#queue.push({ message, done: resolve, fail: reject });
    this.#wake.resolve();
    return promise;
  }

  join(member: Member): () => Promise<void> {
    this.#members.push(member);
    this.#working ??= this.#work();
    return async () => {
      this.#members.splice(this.#members.indexOf(member), 1);
      if (this.empty) await this.close();
    };
  }

  /** Lets the current batch finish and refuses what waits behind it, so that its publisher keeps it. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.resolve();
    await this.#working;
    const error = new AlprError('BUS_UNAVAILABLE', `The bus closed before ${this.#name} had handled the message`);
    for (const pending of this.#queue.splice(0)) pending.fail(error);
  }

  async #work(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const member = this.#members[0];
      if (this.#queue.length === 0 || !member) {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers<void>();
        continue;
      }
      await this.#fill(member.subscription);
      await this.#handle(member);
    }
  }

  /** Waits for more messages while the batch is small, at most `maxWaitMs`. */
  async #fill({ maxBatch, maxWaitMs }: Membership): Promise<void> {
    const deadline = performance.now() + maxWaitMs;
    while (this.#queue.length < maxBatch && !this.#closing.signal.aborted) {
      const rest = deadline - performance.now();
      if (rest <= 0) return;
      this.#wake = Promise.withResolvers<void>();
      const filled = new AbortController();
      await Promise.race([this.#wake.promise, pause(rest, filled.signal)]);
      filled.abort();
    }
  }

  async #handle(member: Member): Promise<void> {
    const batch = this.#queue.slice(0, member.subscription.maxBatch);
    for (let attempt = 0; !this.#closing.signal.aborted; attempt++) {
      try {
        await member.handle(
          batch.map((pending) => pending.message),
          refuseLater,
        );
        this.#queue.splice(0, batch.length);
        for (const pending of batch) pending.done();
        return;
      } catch (error) {
        const delayMs = backoffDelay(REDELIVERY, attempt);
        this.#log.warn({ group: this.#name, attempt, err: error }, 'a batch is not handled and comes again');
        await pause(delayMs, this.#closing.signal);
      }
    }
  }
}

/** Within a process everything can be read at once, and there is nothing that would keep a message. */
function refuseLater(): never {
  throw new TypeError('the bus within the process keeps no message for later');
}
