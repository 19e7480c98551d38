import { AlprError } from '../base/errors.ts';
import { type KafkaConsumer, openStream } from './kafka-client.ts';
import { fromKafka } from './kafka-consumer.ts';
import type { BusMessage } from './transport.ts';

/** Longest silence before the end of a topic is assumed, milliseconds. */
const PATIENCE_MS = 15_000;

/** Everything that a topic holds at this moment, by partition and offset. Closes the consumer. */
export async function readWholeTopic(consumer: KafkaConsumer, topic: string): Promise<readonly BusMessage[]> {
  try {
    const ends = (await consumer.listOffsets({ topics: [topic] })).get(topic) ?? [];
    const begins = (await consumer.listOffsets({ topics: [topic], timestamp: -2n })).get(topic) ?? [];
    const open = new Set(ends.keys().filter((partition) => (begins[partition] ?? 0n) < (ends[partition] ?? 0n)));
    const messages = open.size === 0 ? [] : await readUntil(consumer, topic, { ends, open });
    return messages.toSorted((a, b) => compareOrigins(a.origin, b.origin));
  } finally {
    await consumer.close(true);
  }
}

async function readUntil(
  consumer: KafkaConsumer,
  topic: string,
  { ends, open }: { ends: readonly bigint[]; open: Set<number> },
): Promise<BusMessage[]> {
  const messages: BusMessage[] = [];
  const stream = await openStream(consumer, topic, 'earliest');
  const late = () => stream.destroy(new AlprError('BUS_UNAVAILABLE', `Expected more of ${topic}, nothing came`));
  let timer = setTimeout(late, PATIENCE_MS);
  try {
    for await (const message of stream) {
      clearTimeout(timer);
      timer = setTimeout(late, PATIENCE_MS);
      const end = ends[message.partition] ?? 0n;
      if (message.offset < end) messages.push(fromKafka(message));
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
