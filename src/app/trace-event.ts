import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AlprError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { KafkaConfig } from '../bus/config.ts';
import type { DeadLetterBox } from '../bus/dead-letters.ts';
import { listEventTopics } from '../bus/kafka-topics.ts';
import { type OpenedKafka, openKafka } from '../bus/open.ts';
import type { BusMessage } from '../bus/transport.ts';
import type { WayStep } from '../contract/api/way.ts';
import { findSpooled, type Spooled } from '../edge/find-spooled.ts';
import { INGEST_GROUP } from '../ingest/config.ts';
import { createDeadLetterTable } from '../store/dead-letters.ts';
import { readEventWay } from '../store/event-way.ts';
import { findErasureOf } from '../store/privacy/erasures.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import type { Config } from './config.ts';
import { createCommandAudit } from './open-command-audit.ts';
import { openSharedDatabase } from './open-shared-database.ts';

const MINUTE_MS = 60_000;

/** A message on the topic of events, and how far the group that stores them has come on its partition. */
export type OnTopic = Readonly<{
  where: 'topic';
  topic: string;
  partition: number;
  offset: number;
  /** Null where the schema of the message is not known here. */
  revision: number | null;
  /** Whether ingest has been there. */
  is_taken: boolean;
  /** Messages on its partition that ingest has not handled. */
  behind: number;
}>;

export type Place =
  | Spooled
  | OnTopic
  | Readonly<{ where: 'dead_letter'; id: string; at: string; code: string; error: string }>
  | Readonly<{ where: 'erased'; at: string | null }>;

/** Where an event is and was, as far as one machine can tell. */
export type EventTrace = Readonly<{
  /** What the database has of it; none where it is not there. */
  steps: readonly WayStep[];
  /** Where else it is. */
  places: readonly Place[];
  /** What could not be asked, and why. */
  unasked: readonly Readonly<{ what: 'database' | 'topics'; why: string }>[];
  /** Whether the database answered. */
  has_database: boolean;
  /** The topic that was searched; null where that was not needed, or there is none. */
  searched: string | null;
}>;

type Asked = Readonly<{ config: Config; eventId: string; minutes: number; log: Log }>;

/** Looks for an event: in the database, in the spool of this machine, and where the database has none of it on the topics. */
export async function traceEvent({ config, eventId, minutes, log }: Asked): Promise<EventTrace> {
  const unasked: { what: 'database' | 'topics'; why: string }[] = [];
  const ask = async <T>(what: 'database' | 'topics', question: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof AlprError && error.retry)) throw error;
      unasked.push({ what, why: messageOf(error) });
      return undefined;
    }
  };
  const spooled = await findSpooled(join(config.data, 'edge'), eventId);
  const kept = hasDatabase(config) ? await ask('database', () => askDatabase(config, eventId)) : undefined;
  if (!hasDatabase(config)) unasked.push({ what: 'database', why: 'this machine has none' });
  const isThere = kept !== undefined && kept.steps.length > 0;
  const { bus } = config;
  const onTopics =
    bus.kind === 'kafka' && !isThere
      ? await ask('topics', () => askTopics({ config, bus, eventId, minutes, log }))
      : undefined;
  return {
    steps: kept?.steps ?? [],
    places: [...spooled, ...(kept?.places ?? []), ...(onTopics?.places ?? [])],
    unasked,
    has_database: kept !== undefined,
    searched: onTopics?.searched ?? null,
  };
}

/** An edge may have no database: it must not be made one. */
function hasDatabase({ data, database }: Config): boolean {
  return database.kind === 'postgres' || existsSync(resolve(data, database.folder));
}

async function askDatabase(config: Config, eventId: string) {
  await using database = await openSharedDatabase(config);
  const { sql } = database;
  const way = await readEventWay(sql, eventId, { scope: undefined, seesChannels: true });
  const steps = way?.steps ?? [];
  const audit = await createCommandAudit(config, sql);
  await audit.record({
    action: 'view',
    operation: 'trace',
    query: { event: eventId },
    results: steps.length > 0 ? 1 : 0,
  });
  const erased = await findErasureOf(sql, eventId);
  const letters = config.bus.kind === 'memory' ? await findLetters(createDeadLetterTable(sql), eventId) : [];
  const places: readonly Place[] = erased === undefined ? letters : [{ where: 'erased', at: erased }, ...letters];
  return { steps, places };
}

async function askTopics({ config, bus, eventId, minutes, log }: Asked & Readonly<{ bus: KafkaConfig }>) {
  await using kafka = await openKafka({
    config: bus,
    dataFolder: config.data,
    client: 'trace',
    log,
    telemetry: new Telemetry(),
  });
  const topics = [...listEventTopics(bus).keys()];
  const choice = { since: Date.now() - minutes * MINUTE_MS, wants: (message: BusMessage) => names(message, eventId) };
  const places: Place[] = [];
  for (const topic of topics) {
    places.push(...(await describeMessages(kafka, topic, await kafka.transport.readTopic(topic, choice))));
  }
  places.push(...(await findLetters(kafka.deadLetters, eventId)));
  return { searched: topics.join(', '), places };
}

async function describeMessages(
  { codec, transport }: OpenedKafka,
  topic: string,
  messages: readonly BusMessage[],
): Promise<readonly Place[]> {
  if (messages.length === 0) return [];
  await codec.learn(messages.map(({ value }) => value)).catch(() => undefined);
  const advances = await transport.readAdvance(topic, INGEST_GROUP);
  return messages.flatMap(({ value, origin }): readonly Place[] => {
    if (!origin) return [];
    const { partition, offset } = origin;
    const { next = 0n, end = 0n } = advances.find((one) => one.partition === partition) ?? {};
    const place = { topic, partition, offset: Number(offset), revision: revisionIn(codec, value) };
    return [{ where: 'topic', ...place, is_taken: offset < next, behind: Number(end - next) }];
  });
}

function revisionIn(codec: OpenedKafka['codec'], value: Uint8Array): number | null {
  try {
    return codec.decode(value).revision;
  } catch {
    return null;
  }
}

async function findLetters(box: DeadLetterBox, eventId: string): Promise<readonly Place[]> {
  const letters = (await box.list()).filter(({ message }) => names(message, eventId));
  return letters.map(({ id, at, code, error }) => ({ where: 'dead_letter', id, at, code, error }));
}

/** Whether the bytes of a message have the id of an event, as text or as Avro writes it. */
function names({ value }: BusMessage, eventId: string): boolean {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  return bytes.includes(Buffer.from(eventId.replaceAll('-', ''), 'hex')) || bytes.includes(eventId);
}
