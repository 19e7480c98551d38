import { describe, expect, test } from 'vitest';
import type { Bus, BusMessage } from '../../src/bus/bus.ts';

const message = (topic: string, key: string, text: string): BusMessage => ({
  topic,
  key,
  value: Buffer.from(text),
  headers: { origin: 'test' },
});
const textOf = (batch: readonly BusMessage[]) => batch.map(({ value }) => Buffer.from(value).toString());
const options = (topic: string, group: string, maxBatch = 100) => ({ topic, group, maxBatch, maxWaitMs: 5 });

/** What every Bus must do; run against each adapter. `openBus` gives a fresh one with topics of its own. */
export function testBus(name: string, openBus: () => Promise<Bus>): void {
  describe(`${name} as a bus`, () => {
    test('hands messages of one key over in order, with key and headers', async () => {
      await using bus = await openBus();
      const seen: BusMessage[] = [];
      await using _ = await bus.subscribe(options('t', 'g', 3), async (batch) => void seen.push(...batch));
      const texts = Array.from({ length: 50 }, (_, at) => `m${at}`);
      for (const text of texts) await bus.publish([message('t', 'camera-1', text)]);
      await expect.poll(() => textOf(seen)).toEqual(texts);
      expect(seen[0]).toMatchObject({ key: 'camera-1', headers: { origin: 'test' } });
    });

    test('gives every group each message once', async () => {
      await using bus = await openBus();
      const first: string[] = [];
      const second: string[] = [];
      await using _1 = await bus.subscribe(options('t', 'first'), async (batch) => void first.push(...textOf(batch)));
      await using _2 = await bus.subscribe(options('t', 'second'), async (batch) => void second.push(...textOf(batch)));
      await bus.publish(['a', 'b', 'c'].map((text) => message('t', 'k', text)));
      await expect
        .poll(() => [first, second])
        .toEqual([
          ['a', 'b', 'c'],
          ['a', 'b', 'c'],
        ]);
    });

    test('gives a batch again when its handler throws, and loses nothing', async () => {
      await using bus = await openBus();
      const handled: string[] = [];
      let failures = 2;
      await using _ = await bus.subscribe(options('t', 'g'), async (batch) => {
        if (failures-- > 0) throw new Error('the database is away');
        handled.push(...textOf(batch));
      });
      await bus.publish([message('t', 'k', 'a'), message('t', 'k', 'b')]);
      await expect.poll(() => handled).toEqual(['a', 'b']);
    });

    test('never hands over more than maxBatch at once', async () => {
      await using bus = await openBus();
      const sizes: number[] = [];
      await using _ = await bus.subscribe(options('t', 'g', 7), async (batch) => void sizes.push(batch.length));
      await bus.publish(Array.from({ length: 40 }, (_, at) => message('t', 'k', String(at))));
      await expect.poll(() => sizes.reduce((sum, size) => sum + size, 0)).toBe(40);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(7);
    });
  });
}
