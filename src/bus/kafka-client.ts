import { hostname } from 'node:os';
import {
  Admin,
  type BaseOptions,
  Consumer,
  compatibilityPartitioner,
  findErrorBy,
  type Message,
  type MessagesStream,
  Producer,
} from '@platformatic/kafka';
import type { KafkaConfig } from './config.ts';
import { readTlsOptions } from './tls.ts';

export type KafkaAdmin = Admin;
export type KafkaProducer = Producer;
export type KafkaConsumer = Consumer;
export type KafkaMessage = Message;
export type KafkaStream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;
/** What every client needs: addresses, credentials, time limits. */
export type KafkaAccess = Readonly<BaseOptions>;

/** Milliseconds between attempts within the client. */
const RETRY_MS = 250;

/** Attempts within the client. It keeps the error of each attempt, so we retry for hours outside it. */
const ATTEMPTS = 20;

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
  return new Admin({ ...access });
}

/** A client that only asks whether the broker answers: once, at the price of one small message. */
export function createProbe(access: KafkaAccess): KafkaAdmin {
  return new Admin({ ...access, retries: 0, connectTimeout: 3000, requestTimeout: 3000 });
}

/** A producer that resolves when all in-sync replicas have a message, exactly once and in order. */
export function createProducer(access: KafkaAccess, compression: KafkaConfig['compression']): KafkaProducer {
  return new Producer({ ...access, idempotent: true, compression, partitioner: compatibilityPartitioner });
}

/** A producer for live pictures, which may be lost: one attempt, one acknowledgement. */
export function createLossyProducer(access: KafkaAccess): KafkaProducer {
  return new Producer({ ...access, retries: 0, acks: 1, requestTimeout: 2000, partitioner: compatibilityPartitioner });
}

/**
 * A member of the group `groupId`, which counts as gone after `sessionMs` without a heartbeat. It commits only when
 * told to.
 */
export function createConsumer(
  access: KafkaAccess,
  { groupId, sessionMs, buffered }: Readonly<{ groupId: string; sessionMs: number; buffered: number }>,
): KafkaConsumer {
  return new Consumer({
    ...access,
    groupId,
    autocommit: false,
    sessionTimeout: sessionMs,
    rebalanceTimeout: 3 * sessionMs,
    heartbeatInterval: sessionMs / 10,
    maxWaitTime: 500,
    highWaterMark: buffered,
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
