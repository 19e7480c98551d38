import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeEvent, encodeEvent } from '../../src/contract/codec.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { plateEventSchema } from '../../src/contract/plate-event.ts';
import { printRows, type Row } from '../row.ts';

const RECORDED = join(import.meta.dirname, '..', '..', 'test', 'contract', 'recorded-events.jsonl');
const EVENTS = 20_000;

/** Avro against JSON for events as the edge makes them: bytes, and time on one core with all checks. */
export async function run(): Promise<readonly Row[]> {
  const events = readFileSync(RECORDED, 'utf8')
    .trim()
    .split('\n')
    .map((line) => plateEventSchema.parse(JSON.parse(line)));
  const codec = await openCodec();
  const avro = events.map((event) => codec.encode(event));
  const json = events.map(encodeEvent);
  await codec.learn(avro);
  return [
    ...compare('bytes of an event', 'B', { avro: meanBytes(avro), json: meanBytes(json) }),
    ...compare('event to bytes', 'events/s', {
      avro: rate(events, (event) => codec.encode(event)),
      json: rate(events, encodeEvent),
    }),
    ...compare('bytes to checked event', 'events/s', {
      avro: rate(avro, (bytes) => codec.decode(bytes)),
      json: rate(json, decodeEvent),
    }),
  ];
}

async function openCodec(): Promise<EventCodec> {
  const schemas = { numberOf: async () => 1, schemaOf: async () => PLATE_EVENT_AVSC };
  const codec = new EventCodec({ format: 'avro', schemas });
  await codec.prepare();
  return codec;
}

function compare(what: string, unit: string, { avro, json }: Readonly<{ avro: number; json: number }>): readonly Row[] {
  return [
    { what: `JSON: ${what}`, value: json, unit, ratio: 1 },
    { what: `Avro: ${what}`, value: avro, unit, ratio: avro / json, against: 'JSON' },
  ];
}

function meanBytes(all: readonly Uint8Array[]): number {
  return all.reduce((sum, one) => sum + one.length, 0) / all.length;
}

/** The best of five rounds: others use the machine too. */
function rate<T>(all: readonly T[], work: (one: T) => unknown): number {
  const rounds = Array.from({ length: 5 }, () => {
    const started = performance.now();
    for (let done = 0; done < EVENTS; done += all.length) for (const one of all.slice(0, EVENTS - done)) work(one);
    return (1000 * EVENTS) / (performance.now() - started);
  });
  return Math.max(...rounds);
}

if (import.meta.main) printRows(await run());
