import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AlprError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import { createRandom } from '../../src/base/random.ts';
import { Raw, Undecodable } from '../../src/bus/bus.ts';
import { createBus } from '../../src/bus/create-bus.ts';
import { WIRE } from '../../src/bus/envelopes.ts';
import { openMemoryTransport } from '../../src/bus/memory.ts';
import { createTopicCodecs } from '../../src/bus/topic-codecs.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { type PlateEvent, plateEventSchema } from '../../src/contract/plate-event.ts';
import { DEFAULT_TOPICS } from '../../src/contract/topics.ts';
import { damage } from './mutate.ts';

const RECORDED = join(import.meta.dirname, '..', '..', 'test', 'contract', 'recorded-events.jsonl');
const OUR_SCHEMA = 7;
const BATCH = 500;

/** What became of damaged messages: events all the same, or dead letters by cause. `longestMs` is for one batch of 500. */
export type FuzzResult = Readonly<{
  good: number;
  dead: number;
  causes: Readonly<Record<string, number>>;
  longestMs: number;
}>;

/**
 * Sends damaged messages, in Avro and in JSON by turns, over a bus. Throws when one is unaccounted for, undecodable for another
 * reason than its content, or said to be an event though the contract refuses it.
 */
export async function fuzzDecoding(options: Readonly<{ messages: number; seed: number }>): Promise<FuzzResult> {
  const random = createRandom(options.seed);
  const codec = await openCodec();
  const wires = readEvents().flatMap((event) => [codec.encode(event), encodeEvent(event)]);
  const transport = openMemoryTransport({ requiredGroups: {}, log: createLog({ level: 'silent' }) });
  const codecs = createTopicCodecs(codec);
  await using bus = createBus({ transport, topics: DEFAULT_TOPICS, codecs, envelope: WIRE });
  const causes: Record<string, number> = {};
  let [good, dead, longestMs] = [0, 0, 0];
  const subscription = { topic: 'plates', group: 'fuzz', maxBatch: BATCH, maxWaitMs: 0 } as const;
  await using _ = await bus.subscribe(subscription, async (batch) => {
    const started = performance.now();
    const contents = batch.map((arrival) => arrival.read());
    longestMs = Math.max(longestMs, performance.now() - started);
    for (const content of contents) {
      if (content instanceof Undecodable) {
        if (content.error.retry) throw content.error;
        causes[content.error.code] = (causes[content.error.code] ?? 0) + 1;
        dead += 1;
      } else {
        plateEventSchema.parse(content);
        good += 1;
      }
    }
  });
  for (let at = 0; at < options.messages; at += BATCH) {
    const count = Math.min(BATCH, options.messages - at);
    const damaged = Array.from({ length: count }, () => damage(random.pick(wires), random));
    await bus.publish(
      'plates',
      damaged.map((value) => new Raw({ key: 'camera', value })),
    );
    if (good + dead !== at + count) throw new Error(`Messages are missing after ${at}`);
  }
  return { good, dead, causes, longestMs };
}

/** A book with our schema, that of something else, and nothing more. */
async function openCodec(): Promise<EventCodec> {
  const schemas = {
    numberOf: async () => OUR_SCHEMA,
    schemaOf: async (number: number) => {
      if (number === OUR_SCHEMA) return PLATE_EVENT_AVSC;
      if (number % 5 === 0)
        return '{"type":"record","name":"Other","fields":[{"name":"a","type":{"type":"array","items":"null"}}]}';
      throw new AlprError('SCHEMA_UNKNOWN', `no schema ${number}`);
    },
  };
  const codec = new EventCodec({ format: 'avro', schemas });
  await codec.prepare();
  return codec;
}

function readEvents(): readonly PlateEvent[] {
  const lines = readFileSync(RECORDED, 'utf8').trim().split('\n');
  return lines.map((line) => plateEventSchema.parse(JSON.parse(line)));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { messages: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  });
  const result = await fuzzDecoding({ messages: Number(values.messages), seed: Number(values.seed) });
  console.log(JSON.stringify(result));
}
