import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import type { BusMessage, Transport } from '../../src/bus/transport.ts';
import type { Telemetry } from '../../src/telemetry/telemetry.ts';
import { uniqueName } from '../servers/servers.ts';
import { openBusOn } from './open-kafka.ts';

const log = createLog({ level: 'silent' });
export const patient = { timeout: 90_000, interval: 50 };
/** A broker needs seconds to start, on a busy machine a minute. */
export const SLOW_START_MS = 180_000;
export const quick = { publish_timeout_ms: 3000 };

/** Publishes until the transport takes it, as the spool of the edge does. */
export async function publishStubbornly(transport: Transport, messages: readonly BusMessage[]): Promise<number> {
  for (let refused = 0; ; refused++) {
    try {
      await transport.publish(messages);
      return refused;
    } catch {
      await sleep(100);
    }
  }
}

/** Whether each client counts as connected: '1' or '0'. */
export async function readUp(
  telemetry: Telemetry,
  clients: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const { text } = await telemetry.format();
  return clients.map((client) => new RegExp(`alpr_bus_up{client="${client}"} (\\d)`).exec(text)?.[1]);
}

/** Subscribes while the broker is away, which shows; what it resolves to holds that all comes once the broker is back. */
async function subscribeEarly(brokers: readonly string[]): Promise<() => Promise<void>> {
  const { transport, topics, telemetry } = await openBusOn(brokers, {
    prefix: uniqueName('early'),
    log,
    more: quick,
  });
  onTestFinished(() => transport[Symbol.asyncDispose]());
  const seen: string[] = [];
  await transport.subscribe({ topic: topics.plates, group: 'early', maxBatch: 10, maxWaitMs: 5 }, async (batch) => {
    seen.push(...batch.map(({ key }) => key));
  });
  const message = { topic: topics.plates, key: 'camera', value: Buffer.from('x'), headers: {} };
  await expect(transport.publish([message])).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  const consumer = `alpr_bus_up{client="${topics.plates}/early"}`;
  await expect.poll(async () => (await telemetry.format()).text, patient).toContain(`${consumer} 0`);
  expect(transport.works).toBe(false);
  return async () => {
    await publishStubbornly(transport, [message]);
    await expect.poll(() => seen, patient).toEqual(['camera']);
    await expect.poll(() => transport.works, patient).toBe(true);
    await expect.poll(async () => (await telemetry.format()).text, patient).toContain(`${consumer} 1`);
  };
}

/** A broker that goes away and comes back. */
type Absence = Readonly<{ brokers: readonly string[]; leave: () => Promise<void>; comeBack: () => Promise<void> }>;

/**
 * Holds while a broker is away: each connection shows it within 15 s, nothing acknowledged is lost, each key keeps its order, and
 * who subscribes meanwhile waits for it.
 */
export async function holdThroughAbsence({ brokers, ...broker }: Absence): Promise<void> {
  const { transport, topics, telemetry } = await openBusOn(brokers, {
    prefix: uniqueName('away'),
    log,
    more: quick,
  });
  await using _bus = transport;
  const seen = new Map<string, number[]>();
  const take = async (batch: readonly BusMessage[]) => {
    for (const { key, value } of batch) {
      const numbers = seen.get(key) ?? [];
      const number = Number(Buffer.from(value).toString());
      if (!numbers.includes(number)) numbers.push(number);
      seen.set(key, numbers);
    }
  };
  await using _sub = await transport.subscribe({ topic: topics.plates, group: 'g', maxBatch: 50, maxWaitMs: 5 }, take);
  const isUp = () => readUp(telemetry, ['producer', 'live', `${topics.plates}/g`]);
  const publishLive = async () => {
    await transport.publish([{ topic: topics.live, key: 'camera', value: Buffer.from('x'), headers: {} }]);
    return isUp();
  };
  const leaving = (async () => {
    await expect.poll(publishLive, patient).toEqual(['1', '1', '1']);
    await broker.leave();
    const isDown = expect.poll(isUp, { timeout: 15_000, interval: 50 }).toEqual(['0', '0', '0']);
    const [early] = await Promise.all([subscribeEarly(brokers), isDown]).finally(() => broker.comeBack());
    return early;
  })();
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  void leaving.then(end, end);
  let sent = 0;
  while (!isOver || sent < 400) {
    const part = Array.from({ length: 20 }, () => {
      const number = sent++;
      return { topic: topics.plates, key: `camera-${number % 8}`, value: Buffer.from(String(number)), headers: {} };
    });
    await publishStubbornly(transport, part);
    await sleep(20);
  }
  await expect.poll(() => [...seen.values()].flat().length, patient).toBe(sent);
  for (const numbers of seen.values()) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  await (await leaving)();
  await expect.poll(isUp, patient).toEqual(['1', '1', '1']);
}
