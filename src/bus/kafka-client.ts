import { hostname } from 'node:os';
import {
  Admin,
  type Base,
  type BaseOptions,
  type Connection,
  Consumer,
  compatibilityPartitioner,
  findErrorBy,
  type Message,
  type MessagesStream,
  Producer,
  type ProducerOptions,
} from '@platformatic/kafka';
import { pause } from '../base/retry.ts';
import type { KafkaConfig } from './config.ts';
import { readTlsOptions } from './tls.ts';

/** Clients are disposed of rather than closed: that ends in time and leaves no connection open. */
export type KafkaAdmin = Admin & AsyncDisposable;
export type KafkaProducer = Producer & AsyncDisposable;
export type KafkaConsumer = Consumer & AsyncDisposable;
export type KafkaMessage = Message;
export type KafkaStream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;
/** What every client needs: addresses, credentials, time limits. */
export type KafkaAccess = Readonly<BaseOptions>;

/** Milliseconds between attempts within the client. */
const RETRY_MS = 250;

/** Attempts within the client. It keeps the error of each attempt, so we retry for hours outside it. */
const ATTEMPTS = 20;

/** How long closing waits for a broker that may be away, milliseconds. */
export const CLOSE_GRACE_MS = 3000;

/**
 * Addresses and credentials from the configuration; `client` is the command that runs. CONFIG_INVALID for a certificate that
 * cannot be read.
 */
export async function createAccess(config: KafkaConfig, client?: string): Promise<KafkaAccess> {
  const { sasl, tls } = config;
  return {
    clientId: config.client_id ?? ['ovr-alpr', client, hostname(), process.pid].filter(Boolean).join('-'),
    bootstrapBrokers: [...config.brokers],
    retries: ATTEMPTS,
    retryDelay: RETRY_MS,
    connectTimeout: 5000,
    requestTimeout: 10_000,
    ...(sasl && { sasl: { ...sasl } }),
    ...(tls && { tls: await readTlsOptions(tls) }),
  };
}

/** A client for topics. */
export function createAdmin(access: KafkaAccess): KafkaAdmin {
  const admin = new Admin({ ...access });
  return makeDisposable(admin, () => admin.close());
}

/** A client that only asks whether the broker answers: once, at the price of one small message. */
export function createProbe(access: KafkaAccess): KafkaAdmin {
  return createAdmin({ ...access, retries: 0, connectTimeout: 3000, requestTimeout: 3000 });
}

/** A producer that resolves when all in-sync replicas have a message, exactly once and in order. */
export function createProducer(access: KafkaAccess, compression: KafkaConfig['compression']): KafkaProducer {
  return openProducer({ ...access, idempotent: true, compression });
}

/** A producer for live pictures, which may be lost: one attempt, one acknowledgement. */
export function createLossyProducer(access: KafkaAccess): KafkaProducer {
  return openProducer({ ...access, retries: 0, acks: 1, requestTimeout: 2000 });
}

function openProducer(options: ProducerOptions<Buffer, Buffer, Buffer, Buffer>): KafkaProducer {
  const producer = new Producer({ ...options, partitioner: compatibilityPartitioner });
  return makeDisposable(producer, () => producer.close(true));
}

/**
 * A member of the group `groupId`, which counts as gone after `sessionMs` without a heartbeat. It commits only when
 * told to.
 */
export function createConsumer(
  access: KafkaAccess,
  { groupId, sessionMs, buffered }: Readonly<{ groupId: string; sessionMs: number; buffered: number }>,
): KafkaConsumer {
  const consumer = new Consumer({
    ...access,
    groupId,
    autocommit: false,
    sessionTimeout: sessionMs,
    rebalanceTimeout: 3 * sessionMs,
    heartbeatInterval: sessionMs / 10,
    maxWaitTime: 500,
    highWaterMark: buffered,
  });
  return makeDisposable(consumer, () => consumer.close(true));
}

/**
 * Closes a client within the grace period and cuts whatever it leaves open. Its own closing waits for a broker that froze, gives up
 * when the broker does not let a member go, and misses connections: when one attempt fails, its pool also forgets the next one to
 * the same address, which succeeds if the broker has just come back, and would keep the process alive.
 */
function makeDisposable<C extends Base>(client: C, close: () => Promise<void>): C & AsyncDisposable {
  const open = new Set<Connection>();
  let isClosed = false;
  client.on('client:broker:connect', ({ connection }) => {
    open.add(connection);
    connection.once('close', () => open.delete(connection));
    if (isClosed) connection.socket.destroy();
  });
  return Object.assign(client, {
    async [Symbol.asyncDispose]() {
      await within(CLOSE_GRACE_MS, close());
      isClosed = true;
      for (const { socket } of open) socket.destroy();
      // Else a client whose closing failed would go on trying.
      void client.connections.close().catch(() => undefined);
    },
  });
}

/**
 * The messages of a topic for one member of a group: from its commit, or without one from the oldest; or from the
 * newest on, or from these offsets, one for each partition. A stream that fails without a listener would end the process, so it
 * gets one at once.
 */
export function openStream(
  consumer: KafkaConsumer,
  topic: string,
  from: 'committed' | 'latest' | 'earliest' | readonly bigint[],
): Promise<KafkaStream> {
  const { promise, resolve, reject } = Promise.withResolvers<KafkaStream>();
  const start =
    typeof from === 'string'
      ? ({ mode: from, fallbackMode: 'earliest' } as const)
      : ({ mode: 'manual', offsets: from.map((offset, partition) => ({ topic, partition, offset })) } as const);
  consumer.consume({ topics: [topic], ...start }, (error, stream) => {
    stream?.on('error', () => undefined);
    if (stream) resolve(stream);
    else reject(error ?? new Error(`no stream of ${topic}`));
  });
  return promise;
}

/** Whether a commit failed because the group is rebalancing. */
export function isRebalance(error: unknown): boolean {
  return error instanceof Error && findErrorBy(error, 'needsRejoin', true) !== null;
}

/** Whether any part of an error is the broker's answer of this name, such as TOPIC_ALREADY_EXISTS. */
export function isAnswer(error: unknown, apiId: string): boolean {
  return error instanceof Error && findErrorBy(error, 'apiId', apiId) !== null;
}

/** Answers that the same message will always get until somebody changes the topic. */
const REFUSALS = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'UNSUPPORTED_FOR_MESSAGE_FORMAT'];

/** Whether the broker refused a message for good, because of itself or of the batch it was sent in. */
export function isRefusal(error: unknown): boolean {
  return REFUSALS.some((apiId) => isAnswer(error, apiId));
}

/** The messages of all parts of an error without repeats, because the client keeps one for each attempt. */
export function describeKafkaError(error: unknown): string {
  const parts = new Set<string>();
  const visit = (one: unknown) => {
    if (!(one instanceof Error) || parts.size > 4) return;
    if (one instanceof AggregateError) one.errors.slice(-3).forEach(visit);
    else parts.add(one.message);
    visit(one.cause);
  };
  visit(error);
  return [...parts].join('; ') || String(error);
}

/** Waits for `work`, but no longer than `ms`, and ignores how it ends. */
export async function within(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  const over = new AbortController();
  await Promise.race([work?.catch(() => undefined), pause(ms, over.signal)]);
  over.abort();
}
