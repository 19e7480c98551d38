import { AlprError } from '../base/errors.ts';
import { type KafkaConsumer, openStream } from './kafka-client.ts';
import { fromKafka } from './kafka-consumer.ts';
import type { Advance, BusMessage, Choice } from './transport.ts';

/** Longest silence before the end of a topic is assumed, milliseconds. */
const PATIENCE_MS = 15_000;

/** What stands for the oldest message of a partition in place of a time. */
const OLDEST = -2n;

/** What a topic holds at this moment, by partition and offset. Closes the consumer. */
export async function readTopicNow(
  consumer: KafkaConsumer,
  topic: string,
  { since, wants = () => true }: Choice,
): Promise<readonly BusMessage[]> {
  await using _closing = consumer;
  const ends = await listEnds(consumer, topic);
  const timestamp = since === undefined ? OLDEST : BigInt(Math.max(0, Math.floor(since)));
  const found = (await consumer.listOffsets({ topics: [topic], timestamp })).get(topic) ?? [];
  // Where nothing is that young the broker says -1.
  const begins = ends.map((end, partition) =>
    found[partition] !== undefined && found[partition] >= 0n ? found[partition] : end,
  );
  const open = new Set(ends.keys().filter((partition) => (begins[partition] ?? 0n) < (ends[partition] ?? 0n)));
  const messages = open.size === 0 ? [] : await readUntil(consumer, topic, { begins, ends, open, wants });
  return messages.toSorted((a, b) => compareOrigins(a.origin, b.origin));
}

/** How far the group of a consumer, which need not be a member, has come. Closes the consumer. */
export async function readAdvance(consumer: KafkaConsumer, topic: string): Promise<readonly Advance[]> {
  await using _closing = consumer;
  const ends = await listEnds(consumer, topic);
  const partitions = [...ends.keys()];
  const committed = (await consumer.listCommittedOffsets({ topics: [{ topic, partitions }] })).get(topic) ?? [];
  return ends.map((end, partition) => {
    const next = committed[partition] ?? -1n;
    return { partition, end, next: next < 0n ? undefined : next };
  });
}

async function listEnds(consumer: KafkaConsumer, topic: string): Promise<readonly bigint[]> {
  return (await consumer.listOffsets({ topics: [topic] })).get(topic) ?? [];
}

type Reading = Readonly<{
  begins: readonly bigint[];
  ends: readonly bigint[];
  /** Partitions that are not read to their ends yet. */
  open: Set<number>;
  wants: (message: BusMessage) => boolean;
}>;

async function readUntil(
  consumer: KafkaConsumer,
  topic: string,
  { begins, ends, open, wants }: Reading,
): Promise<BusMessage[]> {
  const messages: BusMessage[] = [];
  const stream = await openStream(consumer, topic, begins);
  const late = () => stream.destroy(new AlprError('BUS_UNAVAILABLE', `Expected more of ${topic}, nothing came`));
  let timer = setTimeout(late, PATIENCE_MS);
  try {
    for await (const message of stream) {
      clearTimeout(timer);
      timer = setTimeout(late, PATIENCE_MS);
      const end = ends[message.partition] ?? 0n;
      const read = message.offset < end ? fromKafka(message) : undefined;
      if (read && wants(read)) messages.push(read);
      if (message.offset + 1n >= end) open.delete(message.partition);
      if (open.size === 0) break;
    }
  } finally {
    clearTimeout(timer);
    await stream.close();
  }
  return messages;
}

function compareOrigins(a: BusMessage['origin'], b: BusMessage['origin']): number {
  if (!a || !b) return 0;
  return a.partition - b.partition || (a.offset < b.offset ? -1 : 1);
}
