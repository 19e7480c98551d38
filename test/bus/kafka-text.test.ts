import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText, encodeText } from '../../src/bus/kafka-text.ts';

test.each([
  ['ASCII', [0x67, 0x61, 0x74, 0x65], 'gate'],
  ['UTF-8 of two and four bytes', [0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80], 'é😀'],
  ['the replacement character itself', [0xef, 0xbf, 0xbd], '\ufffd'],
  ['Latin-1, which is no UTF-8', [0x63, 0x61, 0x66, 0xe9], 'caf\udce9'],
  // The bytes of a surrogate are no UTF-8 (RFC 3629, section 3).
  ['a surrogate', [0xed, 0xb2, 0x80], '\udced\udcb2\udc80'],
  ['a character that is cut off', [0xf0, 0x9f, 0x98, 0x41], '\udcf0\udc9f\udc98A'],
])('%s comes back as the same bytes', (_, bytes, text) => {
  expect(decodeText(Buffer.from(bytes))).toBe(text);
  expect([...encodeText(text)]).toEqual(bytes);
});

test('any bytes come back, also through JSON', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text: string = JSON.parse(JSON.stringify(decodeText(bytes)));
      expect([...encodeText(text)]).toEqual([...bytes]);
    }),
    { numRuns: 2000 },
  );
});

test('text that is UTF-8 is read as everybody reads it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeText(Buffer.from(text))).toBe(text);
    }),
  );
});
