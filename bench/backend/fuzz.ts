import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AlprError } from '../../src/base/errors.ts';
import { createRandom } from '../../src/base/random.ts';
import type { BusMessage } from '../../src/bus/bus.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { type PlateEvent, plateEventSchema } from '../../src/contract/plate-event.ts';
import { decodeMessages } from '../../src/ingest/decode.ts';
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
 * Sends damaged messages, in Avro and in JSON by turns, through the decoder of ingest. Throws when one is unaccounted for,
 * dead for another reason than its content, or said to be an event though the contract refuses it.
 */
export async function fuzzDecoding(options: Readonly<{ messages: number; seed: number }>): Promise<FuzzResult> {
  const { below: random } = createRandom(options.seed);
  const codec = await openCodec();
  const wires = readEvents().flatMap((event) => [codec.encode(event), encodeEvent(event)]);
  const causes: Record<string, number> = {};
  let [good, dead, longestMs] = [0, 0, 0];
  for (let at = 0; at < options.messages; at += BATCH) {
    const count = Math.min(BATCH, options.messages - at);
    const batch = Array.from({ length: count }, () =>
      toMessage(damage(wires[random(wires.length)] as Uint8Array, random)),
    );
    const started = performance.now();
    const sorted = await decodeMessages(batch, codec);
    longestMs = Math.max(longestMs, performance.now() - started);
    if (sorted.good.length + sorted.dead.length !== batch.length) throw new Error(`Messages are missing after ${at}`);
    for (const { message } of sorted.good) plateEventSchema.parse(codec.decode(message.value));
    for (const { error } of sorted.dead) {
      if (!(error instanceof AlprError) || error.retry) throw error;
      causes[error.code] = (causes[error.code] ?? 0) + 1;
    }
    good += sorted.good.length;
    dead += sorted.dead.length;
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

function toMessage(value: Uint8Array): BusMessage {
  return { topic: 'alpr.events.plates', key: 'camera', value, headers: {} };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { messages: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  });
  const result = await fuzzDecoding({ messages: Number(values.messages), seed: Number(values.seed) });
  console.log(JSON.stringify(result));
}
