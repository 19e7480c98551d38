import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { BusMessage, Transport } from '../../src/bus/transport.ts';

/** An empty transport with a topic on it. `join` gives another process's door to the same transport, where it has doors. */
export type TestTransport = AsyncDisposable &
  Readonly<{ transport: Transport; topic: string; join: () => Promise<Transport> }>;

const textOf = (batch: readonly BusMessage[]) => batch.map(({ value }) => Buffer.from(value).toString());
const patient = { timeout: 25_000, interval: 20 };

/** What every Transport must do; run against each adapter. `openTransport` gives a fresh one with a topic of its own. */
export function testTransport(name: string, openTransport: () => Promise<TestTransport>): void {
  const open = async () => {
    const opened = await openTransport();
    const { topic } = opened;
    const message = (key: string, text: string): BusMessage => ({
      topic,
      key,
      value: Buffer.from(text),
      headers: { origin: 'test' },
    });
    const options = (group: string, maxBatch = 100) => ({ topic, group, maxBatch, maxWaitMs: 5 });
    return { ...opened, message, options, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
  };

  describe(`${name} as a transport`, () => {
    test('hands messages of one key over in order, with key and headers', async () => {
      await using opened = await open();
      const { transport, message, options } = opened;
      const seen: BusMessage[] = [];
      await using _ = await transport.subscribe(options('g', 3), async (batch) => void seen.push(...batch));
      const texts = Array.from({ length: 50 }, (_, at) => `m${at}`);
      for (const text of texts) await transport.publish([message('camera-1', text)]);
      await expect.poll(() => textOf(seen), patient).toEqual(texts);
      expect(seen[0]).toMatchObject({ key: 'camera-1', headers: { origin: 'test' } });
    });

    test('keeps the order of each of many keys, published together and apart', async () => {
      await using opened = await open();
      const { transport, message, options } = opened;
      const seen = new Map<string, string[]>();
      await using _ = await transport.subscribe(options('g', 40), async (batch) => {
        for (const { key, value } of batch) seen.set(key, [...(seen.get(key) ?? []), Buffer.from(value).toString()]);
      });
      const sent = Array.from({ length: 600 }, (_, at) => message(`camera-${at % 20}`, String(at)));
      for (let at = 0; at < sent.length; at += 75) await transport.publish(sent.slice(at, at + 75));
      await expect.poll(() => [...seen.values()].flat().length, patient).toBe(600);
      for (const texts of seen.values()) expect(texts.map(Number)).toEqual(texts.map(Number).toSorted((a, b) => a - b));
    });

    test('gives every group each message once', async () => {
      await using opened = await open();
      const { transport, message, options } = opened;
      const first: string[] = [];
      const second: string[] = [];
      await using _1 = await transport.subscribe(options('first'), async (batch) => void first.push(...textOf(batch)));
      await using _2 = await transport.subscribe(
        options('second'),
        async (batch) => void second.push(...textOf(batch)),
      );
      await transport.publish(['a', 'b', 'c'].map((text) => message('k', text)));
      await expect
        .poll(() => [first, second], patient)
        .toEqual([
          ['a', 'b', 'c'],
          ['a', 'b', 'c'],
        ]);
    });

    test('gives a batch again when its handler throws, and loses nothing', async () => {
      await using opened = await open();
      const { transport, message, options } = opened;
      const handled: string[] = [];
      let failures = 2;
      await using _ = await transport.subscribe(options('g'), async (batch) => {
        if (failures-- > 0) throw new Error('the database is away');
        handled.push(...textOf(batch));
      });
      await transport.publish([message('k', 'a'), message('k', 'b')]);
      await expect.poll(() => handled, patient).toEqual(['a', 'b']);
    });

    test('never hands over more than maxBatch at once', async () => {
      await using opened = await open();
      const { transport, message, options } = opened;
      const sizes: number[] = [];
      await using _ = await transport.subscribe(options('g', 7), async (batch) => void sizes.push(batch.length));
      await transport.publish(Array.from({ length: 40 }, (_, at) => message('k', String(at))));
      await expect.poll(() => sizes.reduce((sum, size) => sum + size, 0), patient).toBe(40);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(7);
    });

    test('waits for a slow handler: one batch at a time, the next when it is done', async () => {
      await using opened = await open();
      const { transport, message, options } = opened;
      let running = 0;
      let most = 0;
      const seen: string[] = [];
      await using _ = await transport.subscribe(options('g', 10), async (batch) => {
        most = Math.max(most, ++running);
        await sleep(20);
        running--;
        seen.push(...textOf(batch));
      });
      const texts = Array.from({ length: 60 }, (_, at) => String(at));
      const publishing = transport.publish(texts.map((text) => message('k', text)));
      await expect.poll(() => seen, patient).toEqual(texts);
      await publishing;
      expect(most).toBe(1);
    });

    test('goes on in a second member when the first leaves, without loss', async () => {
      await using opened = await open();
      const { transport, message, options, join } = opened;
      const seen = new Set<string>();
      const take = async (batch: readonly BusMessage[]) => {
        await sleep(2);
        for (const text of textOf(batch)) seen.add(text);
      };
      const other = await join();
      const first = await transport.subscribe(options('g', 5), take);
      const texts = Array.from({ length: 300 }, (_, at) => String(at));
      const messages = texts.map((text) => message(`camera-${Number(text) % 12}`, text));
      const publishing = (async () => {
        for (let at = 0; at < messages.length; at += 20) {
          await transport.publish(messages.slice(at, at + 20));
          await sleep(20);
        }
      })();
      await expect.poll(() => seen.size, patient).toBeGreaterThan(40);
      await using _ = await other.subscribe(options('g', 5), take);
      await sleep(300);
      await first[Symbol.asyncDispose]();
      await publishing;
      await expect.poll(() => seen.size, patient).toBe(300);
    });
  });
}
