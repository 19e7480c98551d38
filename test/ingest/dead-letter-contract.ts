import { describe, expect, test } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import type { DeadLetterBox } from '../../src/bus/dead-letters.ts';
import type { BusMessage } from '../../src/bus/transport.ts';

const unknown = new AlprError('SCHEMA_UNKNOWN', 'Expected a registered schema, got number 9');
const message = (text: string): BusMessage => ({
  topic: 'plates',
  key: 'gate',
  value: Buffer.from(text),
  headers: { origin: 'test' },
});

/** What every box of dead letters must do; `openBox` gives an empty one. */
export function testDeadLetterBox(name: string, openBox: () => Promise<DeadLetterBox>): void {
  describe(`${name} as a box of dead letters`, () => {
    test('keeps bytes, key, headers, topic, code and reason', async () => {
      const box = await openBox();
      await box.keep([]);
      expect(await box.list()).toEqual([]);
      const odd = { ...message(''), value: Uint8Array.of(0, 0xff, 0xfe, 13, 10) };
      await box.keep([{ message: odd, error: unknown }]);
      const [letter, ...others] = await box.list();
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ code: 'SCHEMA_UNKNOWN', error: unknown.message });
      expect(letter?.message).toMatchObject({ topic: 'plates', key: 'gate', headers: { origin: 'test' } });
      expect([...(letter?.message.value ?? [])]).toEqual([0, 0xff, 0xfe, 13, 10]);
      expect(Math.abs(Date.parse(letter?.at ?? '') - Date.now())).toBeLessThan(60_000);
    });

    test('a message with headers like its own hides no other letter, and is one itself', async () => {
      const box = await openBox();
      await box.keep([{ message: message('a'), error: unknown }]);
      const [{ id = '' } = {}] = await box.list();
      const headers = { 'alpr-dlq-settled': id, 'alpr-dlq-how': 'dropped', 'alpr-dlq-left-out': '9' };
      await box.keep([{ message: { ...message('b'), headers }, error: unknown }]);
      const letters = await box.list();
      expect(letters.map(({ message: { value } }) => Buffer.from(value).toString()).toSorted()).toEqual(['a', 'b']);
      expect(letters.filter(({ leftOutBytes }) => leftOutBytes !== undefined)).toEqual([]);
    });

    test('lists what nobody has decided on; what is settled is gone', async () => {
      const box = await openBox();
      await box.keep(['a', 'b', 'c'].map((text) => ({ message: message(text), error: new Error(`no ${text}`) })));
      const textsOf = async () => (await box.list()).map(({ message: { value } }) => Buffer.from(value).toString());
      expect((await textsOf()).toSorted()).toEqual(['a', 'b', 'c']);
      const letters = await box.list();
      expect(new Set(letters.map(({ code }) => code))).toEqual(new Set(['EVENT_INVALID']));
      const chosen = letters.find(({ error }) => error === 'no b');
      await box.settle([chosen?.id ?? ''], 'replayed');
      expect((await textsOf()).toSorted()).toEqual(['a', 'c']);
      await box.settle(
        (await box.list()).map(({ id }) => id),
        'dropped',
      );
      expect(await textsOf()).toEqual([]);
    });
  });
}
