import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConsumer } from './kafka-client.ts';

/** Milliseconds between two looks. */
const EVERY_MS = 5000;

type LagOptions = Readonly<{
  consumer: KafkaConsumer;
  topic: string;
  show: (messages: number) => void;
  signal: AbortSignal;
}>;

/**
 * Shows at intervals how far a member is behind, until `signal` aborts. KafkaHealth shows a broker that does not
 * answer.
 */
export async function watchLag({ consumer, topic, show, signal }: LagOptions): Promise<void> {
  while (!signal.aborted) {
    const lag = await countBehind(consumer, topic).catch(() => undefined);
    if (lag !== undefined && !signal.aborted) show(lag);
    await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** Uncommitted messages on the partitions of this member; undefined before it has partitions. */
async function countBehind(consumer: KafkaConsumer, topic: string): Promise<number | undefined> {
  const partitions = consumer.assignments?.find((one) => one.topic === topic)?.partitions;
  if (!partitions) return undefined;
  if (partitions.length === 0) return 0;
  const [ends, committed] = await Promise.all([
    consumer.listOffsets({ topics: [topic], partitions: { [topic]: partitions } }),
    consumer.listCommittedOffsets({ topics: [{ topic, partitions }] }),
  ]);
  const from = committed.get(topic) ?? [];
  const isNew = partitions.some((partition) => (from[partition] ?? -1n) < 0n);
  const begins = isNew ? await consumer.listOffsets({ topics: [topic], timestamp: -2n }) : undefined;
  const behind = partitions.map((partition) => {
    const done = from[partition] ?? -1n;
    const since = done < 0n ? (begins?.get(topic)?.[partition] ?? 0n) : done;
    return Math.max(0, Number((ends.get(topic)?.[partition] ?? 0n) - since));
  });
  return behind.reduce((sum, one) => sum + one, 0);
}
