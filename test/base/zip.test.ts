import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { streamZip } from '../../src/base/zip.ts';

const BYTES = Buffer.alloc(100_000, 'x');

/** Files that tell how many of them were asked for. */
function countFiles(count: number) {
  const asked = { files: 0, ended: false };
  async function* content() {
    yield BYTES;
  }
  async function* entries() {
    try {
      for (let at = 0; at < count; at += 1) {
        asked.files += 1;
        yield { name: `${at}.jpg`, content: content(), packed: true };
      }
    } finally {
      asked.ended = true;
    }
  }
  return { asked, entries: entries() };
}

test('Files are made as quickly as they are read, and all of them are there', async () => {
  const { asked, entries } = countFiles(100);
  const zip = streamZip(entries);
  let bytes = 0;
  let ahead = 0;
  for await (const chunk of zip) {
    bytes += chunk.length;
    ahead = Math.max(ahead, asked.files - bytes / BYTES.length);
  }
  expect(bytes).toBeGreaterThan(100 * BYTES.length);
  expect(bytes).toBeLessThan(101 * BYTES.length);
  expect(ahead).toBeLessThan(4);
});

test('Nothing more is made once nobody reads it', async () => {
  const { asked, entries } = countFiles(1000);
  const zip = streamZip(entries);
  for await (const _ of zip) break;
  for (let wait = 0; wait < 100 && !asked.ended; wait += 1) await sleep(10);
  expect(asked).toEqual({ files: expect.any(Number), ended: true });
  expect(asked.files).toBeLessThan(5);
});
