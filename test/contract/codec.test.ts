import { describe, expect, test } from 'vitest';
import { decodeEvent, encodeEvent } from '../../src/contract/codec.ts';
import { createEvent } from './events.ts';

describe('The codec of events', () => {
  test('gives back what it was given', () => {
    const event = createEvent({ text: 'AB12CDE' });
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
  });

  test.each([
    ['no JSON', Buffer.from('{"schema_version":')],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
    ['another schema version', Buffer.from(JSON.stringify({ ...createEvent({}), schema_version: 2 }))],
    ['a confidence above one', Buffer.from(JSON.stringify(createEvent({ confidence: 1.2 })))],
    ['an event id that is not a UUIDv7', Buffer.from(JSON.stringify({ ...createEvent({}), event_id: 'one' }))],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeEvent(bytes)).toThrowError(expect.objectContaining({ code: 'EVENT_INVALID' }));
  });

  test('leaves out a field that a newer version has added', () => {
    const event = createEvent({});
    expect(decodeEvent(Buffer.from(JSON.stringify({ ...event, colour: 'red' })))).toEqual(event);
  });

  test('names the field that does not fit', () => {
    const bytes = Buffer.from(JSON.stringify(createEvent({ confidence: 1.2 })));
    expect(() => decodeEvent(bytes)).toThrowError(/plate\.confidence/);
  });
});
