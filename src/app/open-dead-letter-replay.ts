import { mkdir } from 'node:fs/promises';
import type { Log } from '../base/log.ts';
import { type Bus, type BusMessage, publishAround } from '../bus/bus.ts';
import { openBus } from '../bus/open.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { openDeadLetterBox } from '../ingest/dead-letter-topic.ts';
import { INGEST_GROUP } from '../ingest/ingest.ts';
import { createDeadLetterTable, type DeadLetterBox, type KeptLetter } from '../store/dead-letters.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import type { Config } from './config.ts';
import { openIngest } from './open-ingest.ts';
import { openKafkaFor } from './open-kafka-for.ts';

/** How often a letter was handed in again. */
const REPLAYS = 'alpr-replays';

/** The configured box of dead letters, and the way back for what lies in it. */
export type DeadLetterReplay = AsyncDisposable &
  Readonly<{
    box: DeadLetterBox;
    /** Resolves to those that the bus took; the others it refuses for good. */
    handIn: (letters: readonly KeptLetter[]) => Promise<readonly KeptLetter[]>;
  }>;

/** Opens the topic of dead letters on Kafka; in process their table, with an ingest of its own for what is handed in again. */
export async function openDeadLetters(config: Config, log: Log): Promise<DeadLetterReplay> {
  const metrics = createMetrics();
  if (config.bus.kind === 'kafka') {
    const kafka = await openKafkaFor({ config, log, metrics, command: 'dlq' });
    const { bus, topics } = kafka;
    return {
      box: openDeadLetterBox({ bus, topic: topics.deadLetters }),
      handIn: (letters) => handIn(bus, letters),
      [Symbol.asyncDispose]: () => kafka[Symbol.asyncDispose](),
    };
  }
  await mkdir(config.data, { recursive: true, mode: 0o711 });
  await using opened = new AsyncDisposableStack();
  const { sql } = opened.use(await openDatabase({ config: config.database, dataFolder: config.data, log }));
  await migrate({ sql, log });
  const requiredGroups = [INGEST_GROUP];
  const bus = opened.use(await openBus({ config: config.bus, dataFolder: config.data, requiredGroups, log, metrics }));
  opened.use(await openIngest({ config, bus, sql, metrics, log }));
  const closing = opened.move();
  return {
    box: createDeadLetterTable(sql),
    handIn: (letters) => handIn(bus.bus, letters),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function handIn(bus: Bus, letters: readonly KeptLetter[]): Promise<readonly KeptLetter[]> {
  const messages = letters.map(toMessage);
  const refused = new Set<BusMessage>();
  await publishAround(bus, messages, async (message) => void refused.add(message));
  return letters.filter((_, at) => !refused.has(messages[at] as BusMessage));
}

/** The message as it was. Where it came from is no longer true; that it came before is. */
function toMessage({ message: { topic, key, value, headers } }: KeptLetter) {
  const replays = Number(headers[REPLAYS] ?? 0) + 1;
  return { topic, key, value, headers: { ...headers, [REPLAYS]: String(replays) } };
}
