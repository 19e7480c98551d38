import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canonicalize } from '../../src/audit/canonical.ts';
import { appendLinks, CHAIN_START } from '../../src/audit/chain.ts';
import { openPlate, PlateCipher, sealPlate } from '../../src/audit/plate-cipher.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { makeEntry } from './make-entry.ts';

test('the canonical text is that of RFC 8785', () => {
  // Appendix B and section 3.2.3 of the RFC: keys by UTF-16 code units, numbers and texts as ECMAScript writes them.
  const value = { '\u20ac': 'Euro Sign', '\r': 'Carriage Return', '1': 'One', '\u{1f600}': 'Smiley', '\u00f6': 'o' };
  expect(canonicalize(value)).toBe('{"\\r":"Carriage Return","1":"One","ö":"o","€":"Euro Sign","😀":"Smiley"}');
  expect(canonicalize({ b: [1e30, 4.5, 2e-3, true, null], a: { d: 1, c: undefined } })).toBe(
    '{"a":{"d":1},"b":[1e+30,4.5,0.002,true,null]}',
  );
});

test('what PostgreSQL would refuse in a text is replaced', () => {
  expect(canonicalize(['a\u0000b', '\ud800'])).toBe('["a\ufffdb","\ufffd"]');
});

test('each entry holds the hash of the one before, which anybody can compute', () => {
  const [first, second] = appendLinks(CHAIN_START, [makeEntry(), makeEntry({ results: undefined })], () => {
    throw new Error('no plates');
  });
  const text =
    '{"action":"search","at":"2026-11-30T10:00:00.000Z","case_number":null,"from":"127.0.0.1","number":1,' +
    '"operation":"searchEvents","plates":[],"previous":"0000000000000000000000000000000000000000000000000000000000000000",' +
    '"purpose":null,"query":{"camera":"gate"},"results":3,"status":200,"who":{"id":"p1","kind":"person","name":"Ada"}}';
  expect(first?.text).toBe(text);
  expect(first?.hash).toBe(createHash('sha256').update(text).digest('hex'));
  expect(second?.entry).toMatchObject({ number: 2, previous: first?.hash, results: null });
});

test('a plate is read with its own key alone, and found however it is written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-cipher-'));
  const open = async (name: string) => new PlateCipher(await openKeyFile(join(folder, name)));
  const [cipher, stranger] = [await open('one.key'), await open('other.key')];
  await rm(folder, { recursive: true });
  const [one, other] = ['1', '2'].map((id) => cipher.createKey(id));
  if (!one || !other) throw new Error('expected keys');
  const sealed = sealPlate('ab-12 cd?', one.key);
  expect(openPlate(sealed, cipher.unwrap('1', one.wrapped))).toBe('AB12CD?');
  expect(() => openPlate(sealed, other.key)).toThrow();
  expect(() => cipher.unwrap('2', one.wrapped)).toThrow();
  expect(cipher.hashPlate('ab-12 cd')).toEqual(cipher.hashPlate('AB12CD'));
  expect(cipher.hashPlate('AB12C?')).not.toEqual(cipher.hashPlate('AB12C'));
  expect(stranger.hashPlate('AB12CD')).not.toEqual(cipher.hashPlate('AB12CD'));
});
