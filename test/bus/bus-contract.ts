import { describe, expect, test } from 'vitest';
import { type Arrival, type Bus, Raw, Undecodable } from '../../src/bus/bus.ts';
import type { LiveMessage } from '../../src/contract/live.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { createWireEvent } from '../contract/events.ts';
import { readContents } from './read-contents.ts';

const patient = { timeout: 25_000, interval: 20 };
const small = { maxBatch: 100, maxWaitMs: 5 };

/** What every Bus must do with what flows over it; `openBus` gives a fresh one. */
export function testBus(name: string, openBus: () => Promise<Bus>): void {
  describe(`${name} carries`, () => {
    test('events as they are, by camera in order', async () => {
      await using bus = await openBus();
      const seen: PlateEvent[] = [];
      const keys: string[] = [];
      await using _ = await bus.subscribe({ topic: 'plates', group: 'g', ...small }, async (batch) => {
        seen.push(...readContents(batch));
        keys.push(...batch.map(({ message }) => message.key));
      });
      const events = Array.from({ length: 20 }, (_, at) => createWireEvent({ text: `AB${at}` }));
      await bus.publish('plates', events);
      await expect.poll(() => seen, patient).toEqual(events);
      expect(new Set(keys)).toEqual(new Set(['gate']));
    });

    test('what is no event as undecodable, with its bytes, key and headers and the reason', async () => {
      await using bus = await openBus();
      const seen: (PlateEvent | Undecodable)[] = [];
      await using _ = await bus.subscribe({ topic: 'plates', group: 'g', ...small }, async (batch) => {
        seen.push(...batch.map((arrival) => arrival.read()));
      });
      const good = createWireEvent({ text: 'GOOD1' });
      const value = Buffer.from([0xff, 0x00, 0xfe]);
      await bus.publish('plates', [new Raw({ key: 'gate', value, headers: { from: 'elsewhere' } }), good]);
      await expect.poll(() => seen.length, patient).toBe(2);
      const odd = seen.find((one) => one instanceof Undecodable);
      expect(odd?.error).toMatchObject({ code: 'EVENT_INVALID' });
      expect(odd?.message).toMatchObject({ key: 'gate', headers: { from: 'elsewhere' } });
      expect([...(odd?.message.value ?? [])]).toEqual([0xff, 0x00, 0xfe]);
      expect(seen).toContainEqual(good);
    });

    test('an event that does not fit the contract as undecodable, with its JSON', async () => {
      await using bus = await openBus();
      const seen: (PlateEvent | Undecodable)[] = [];
      await using _ = await bus.subscribe({ topic: 'plates', group: 'g', ...small }, async (batch) => {
        seen.push(...batch.map((arrival) => arrival.read()));
      });
      const misfit = { ...createWireEvent({}), revision: 1.5 };
      await bus.publish('plates', [misfit]);
      await expect.poll(() => seen.length, patient).toBe(1);
      const [odd] = seen;
      if (!(odd instanceof Undecodable)) throw new Error('expected it not to be decoded');
      expect(odd.error).toMatchObject({ code: 'EVENT_INVALID' });
      expect(JSON.parse(Buffer.from(odd.message.value).toString())).toEqual(misfit);
    });

    test('the newest of each camera to an onlooker from the start, also one that comes later, and what follows', async () => {
      await using bus = await openBus();
      const camera = {
        id: 'gate',
        site: 'home',
        state: 'running',
        settings: { kind: 'simulator' },
        secrets: null,
      } as const;
      await bus.publish('cameras', [
        { ...camera, revision: 1 },
        { ...camera, id: 'yard', revision: 1 },
      ]);
      await bus.publish('cameras', [{ ...camera, revision: 2 }]);
      const newest = new Map<string, number>();
      const onlooker = { topic: 'cameras', group: 'edge', isOnlooker: true, fromStart: true, ...small } as const;
      await using _ = await bus.subscribe(onlooker, async (batch) => {
        for (const { id, revision } of readContents(batch)) newest.set(id, revision);
      });
      await expect.poll(() => Object.fromEntries(newest), patient).toEqual({ gate: 2, yard: 1 });
      await bus.publish('cameras', [{ ...camera, id: 'yard', revision: 2 }]);
      await expect.poll(() => Object.fromEntries(newest), patient).toEqual({ gate: 2, yard: 2 });
    });

    test('pictures and states of cameras to each onlooker', async () => {
      await using bus = await openBus();
      const seen: LiveMessage[][] = [[], []];
      const look = (into: LiveMessage[]) => async (batch: readonly Arrival<LiveMessage>[]) =>
        void into.push(...readContents(batch));
      const onlooker = { topic: 'live', group: 'page', isOnlooker: true, ...small } as const;
      await using _first = await bus.subscribe(onlooker, look(seen[0] ?? []));
      await using _second = await bus.subscribe(onlooker, look(seen[1] ?? []));
      const at = '2026-01-01T00:00:00.000Z';
      const meta = { camera_id: 'gate', at, width: 64, height: 48, tracks: [] };
      const picture = { kind: 'picture', meta, jpeg: Buffer.from([0xff, 0xd8, 0xff]) } as const;
      // On a broker an onlooker sees nothing before it has joined, and live pictures may be dropped.
      const isSeen = async () => {
        await bus.publish('live', [picture]);
        return seen.every((one) => one.length > 0);
      };
      await expect.poll(isSeen, { timeout: 25_000, interval: 200 }).toBe(true);
      for (const [first] of seen) {
        if (first?.kind !== 'picture') throw new Error('expected a picture');
        expect(first.meta).toEqual(meta);
        expect([...first.jpeg]).toEqual([0xff, 0xd8, 0xff]);
      }
    });
  });
}
