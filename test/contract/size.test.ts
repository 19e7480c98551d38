import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAvroWriter } from '../../src/contract/avro.ts';
import { PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { type PlateEvent, plateEventSchema } from '../../src/contract/plate-event.ts';
import { toWireRecord } from '../../src/contract/wire-record.ts';
import { makeEvent } from '../store/make-event.ts';

/** What the edge made of a simulated road: provisional and final events with pictures, paths and all alternatives. */
const recorded: readonly PlateEvent[] = readFileSync(join(import.meta.dirname, 'recorded-events.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => plateEventSchema.parse(JSON.parse(line)));
const made = [makeEvent(), makeEvent({ candidates: ['AB1ZCDE', 'A812CDE', 'AB12C0E'] })];

/** The share of JSON's bytes that Avro does without, the five bytes before the body included. */
function savedShare(events: readonly PlateEvent[]): number {
  const write = createAvroWriter(PLATE_EVENT_AVSC);
  const sum = (sizes: readonly number[]) => sizes.reduce((all, one) => all + one, 0);
  const avro = sum(events.map((event) => write(toWireRecord(event), 5).length));
  const json = sum(events.map((event) => Buffer.byteLength(JSON.stringify(event))));
  return 1 - avro / json;
}

describe('An event in Avro', () => {
  test.each([
    ['recorded', recorded],
    ['made', made],
  ])('is at least 62 % smaller than in JSON, uncompressed: %s ones, together and each', (_, events) => {
    expect(savedShare(events)).toBeGreaterThanOrEqual(0.62);
    for (const event of events) expect(savedShare([event])).toBeGreaterThanOrEqual(0.62);
  });
});
