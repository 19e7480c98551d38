import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import { createAvroReader, createAvroWriter } from '../../src/contract/avro.ts';
import { findMisfit } from '../../src/contract/check-record.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { type PlateEvent, plateEventSchema } from '../../src/contract/plate-event.ts';
import { readSchemaNumber, type SchemaBook } from '../../src/contract/wire-codec.ts';
import { fromWireRecord } from '../../src/contract/wire-event.ts';
import { toWireRecord, type WireRecord } from '../../src/contract/wire-record.ts';
import { THOROUGH } from '../thorough.ts';
import { createEvent } from './events.ts';
import { randomEvent } from './random-event.ts';

/** One book in memory, as a registry would keep it; `away` makes it one that nobody can ask. */
function createBook(schemas: readonly string[] = []): SchemaBook & { away: boolean; asked: number } {
  const kept = [...schemas];
  const book = {
    away: false,
    asked: 0,
    numberOf: async (schema: string) => {
      if (!kept.includes(schema)) kept.push(schema);
      return kept.indexOf(schema) + 1;
    },
    schemaOf: async (number: number) => {
      book.asked++;
      if (book.away) throw new AlprError('REGISTRY_UNAVAILABLE', 'away');
      const schema = kept[number - 1];
      if (schema === undefined) throw new AlprError('SCHEMA_UNKNOWN', 'unknown');
      return schema;
    },
  };
  return book;
}

async function openCodec(schemas: SchemaBook = createBook()): Promise<EventCodec> {
  const codec = new EventCodec({ format: 'avro', schemas });
  await codec.prepare();
  return codec;
}

async function readBack(codec: EventCodec, bytes: Uint8Array) {
  await codec.learn([bytes]);
  return codec.decode(bytes);
}

describe('Events in Avro', () => {
  test('random events come back from zod, Avro and zod as they were', async () => {
    const codec = await openCodec();
    await codec.learn([codec.encode(createEvent({}))]);
    fc.assert(
      fc.property(randomEvent, (event) => {
        const sent = plateEventSchema.parse(event);
        const came = codec.decode(codec.encode(sent));
        if (!isDeepStrictEqual(came, sent)) expect(came).toEqual(sent);
        const again = plateEventSchema.parse(came);
        if (!isDeepStrictEqual(again, sent)) expect(again).toEqual(sent);
      }),
      { numRuns: THOROUGH ? 10_000 : 1000 },
    );
  }, 120_000);

  test('more decimals than the wire keeps are rounded; an id becomes lower case; an absent answer becomes null', async () => {
    const codec = await openCodec();
    const event = createEvent({ confidence: 0.123_456_789 });
    const odd = { ...event, event_id: event.event_id.toUpperCase() };
    const came = await readBack(codec, codec.encode(odd));
    expect(came.event_id).toBe(event.event_id);
    expect(came.plate.confidence).toBe(0.12346);
    expect(came.plate.matches_format).toBeNull();
  });

  test('a message begins with 0 and the number of its schema in four bytes', async () => {
    const codec = await openCodec(createBook(['"string"', '"int"']));
    const bytes = codec.encode(createEvent({}));
    expect([...bytes.subarray(0, 5)]).toEqual([0, 0, 0, 0, 3]);
    expect(readSchemaNumber(bytes)).toBe(3);
  });

  test('JSON is read beside Avro', async () => {
    const codec = await openCodec();
    const event = createEvent({});
    expect(await readBack(codec, Buffer.from(JSON.stringify(event)))).toEqual(event);
    const json = new EventCodec({ format: 'json', schemas: createBook([PLATE_EVENT_AVSC]) });
    await json.prepare();
    expect(JSON.parse(Buffer.from(json.encode(event)).toString())).toEqual(event);
    expect((await readBack(json, codec.encode(event))).event_id).toBe(event.event_id);
  });

  test('a number in no book is refused as such, and asked for once', async () => {
    const book = createBook();
    const codec = await openCodec(book);
    const bytes = Buffer.from([0, 0, 0, 0, 99, 1, 2, 3]);
    for (let at = 0; at < 3; at++) {
      await expect(readBack(codec, bytes)).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN', retry: false });
    }
    expect(book.asked).toBe(1);
  });

  test('while nobody can be asked a new number is worth another try, and a known one is read', async () => {
    const book = createBook();
    const codec = await openCodec(book);
    const bytes = codec.encode(createEvent({}));
    await codec.learn([bytes]);
    book.away = true;
    await expect(codec.learn([bytes, Buffer.from([0, 0, 0, 0, 99, 1])])).rejects.toMatchObject({ retry: true });
    expect(codec.decode(bytes).plate.text_raw).toBe('AB12CDE');
  });

  test('a schema that is no PlateEvent’s is refused', async () => {
    const codec = await openCodec(createBook(['"string"']));
    await expect(readBack(codec, Buffer.from([0, 0, 0, 0, 1, 2, 65]))).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  });

  test.each([
    ['an empty message', Buffer.of()],
    ['a header cut off', Buffer.from([0, 0, 0])],
    ['a body cut off', Buffer.from([0, 0, 0, 0, 1, 2, 3])],
    ['another first byte', Buffer.from([7, 0, 0, 0, 1])],
  ])('%s is refused', async (_, bytes) => {
    const codec = await openCodec();
    await expect(readBack(codec, bytes)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  });

  test('bytes behind an event are refused', async () => {
    const codec = await openCodec();
    const bytes = Buffer.concat([codec.encode(createEvent({})), Buffer.of(0)]);
    await expect(readBack(codec, bytes)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  });

  test.each([
    ['a revision that is not whole', { revision: 1.5 }],
    ['a status that there is not', { status: 'lost' }],
    ['a number for a text', { camera_id: 5 }],
    ['a text that is missing', { site_id: undefined }],
  ])('an event that the schema cannot hold is refused by its writer: %s', async (_, wrong) => {
    const codec = await openCodec();
    const event = { ...createEvent({}), ...wrong } as PlateEvent;
    expect(() => codec.encode(event)).toThrowError(expect.objectContaining({ code: 'EVENT_INVALID' }));
  });
});

describe('The quick checks of a record', () => {
  const EDGES = [-1, 0, 1, 3, 4, 99_999, 100_000, 100_001, -62_167_219_200_001, 253_402_300_800_000];
  const write = createAvroWriter(PLATE_EVENT_AVSC);
  const read = createAvroReader(PLATE_EVENT_AVSC, PLATE_EVENT_AVSC);

  test('refuse exactly what zod refuses, when one value of a random event is moved to an edge', () => {
    const seen = { sound: 0, refused: 0 };
    const edge = fc.constantFrom<unknown>(
      ...EDGES,
      '',
      'A',
      'AB',
      'x'.repeat(25),
      'y'.repeat(65),
      'z'.repeat(201),
      null,
      true,
    );
    fc.assert(
      fc.property(randomEvent, fc.nat(), edge, (event, pick, value) => {
        const record = toWireRecord(event);
        setLeaf(record, pick, value);
        const moved = tryTo(() => read(write(record, 0)) as WireRecord);
        if (!moved) return;
        const sound = plateEventSchema.safeParse(tryTo(() => fromWireRecord(moved))).success;
        seen[sound ? 'sound' : 'refused']++;
        expect(findMisfit(moved) === undefined, `${findMisfit(moved)}`).toBe(sound);
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.sound, seen.refused)).toBeGreaterThan(100);
  });
});

/** Puts `value` in place of one of the record's leaves. */
function setLeaf(record: object, pick: number, value: unknown): void {
  const leaves: [Record<string, unknown>, string][] = [];
  const visit = (at: Record<string, unknown>) => {
    for (const [key, child] of Object.entries(at)) {
      if (typeof child !== 'object' || child === null || Buffer.isBuffer(child)) leaves.push([at, key]);
      else visit(child as Record<string, unknown>);
    }
  };
  visit(record as Record<string, unknown>);
  const [parent, key] = leaves[pick % leaves.length] as [Record<string, unknown>, string];
  parent[key] = value;
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
