import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { describeWith, startKafka, uniqueName } from '../servers/servers.ts';
import { holdThroughAbsence, patient, publishStubbornly, quick, readUp, SLOW_START_MS } from './kafka-away.ts';
import { openBusOn } from './open-kafka.ts';

const log = createLog({ level: 'silent' });

describeWith(['kafka'], 'A Kafka broker that is killed or stopped', () => {
  let kafka: Awaited<ReturnType<typeof startKafka>>;
  beforeAll(async () => {
    kafka = await startKafka({ heapMb: 160 });
  }, SLOW_START_MS);
  afterAll(() => kafka?.[Symbol.asyncDispose]());

  test(
    'a broker killed in between: each connection shows it within 15 s, nothing acknowledged is lost, each key keeps its order, and who subscribes meanwhile waits for it',
    () =>
      holdThroughAbsence({
        brokers: kafka.brokers,
        leave: () => kafka.control.kill(),
        comeBack: () => kafka.control.restart(),
      }),
    SLOW_START_MS,
  );

  test(
    'a broker that freezes shows within 15 s at every connection, busy or idle, and so does its return',
    async () => {
      const { transport, topics, telemetry } = await openBusOn(kafka.brokers, { prefix: uniqueName('silent'), log });
      await using _bus = transport;
      await using _sub = await transport.subscribe(
        { topic: topics.plates, group: 'g', maxBatch: 10, maxWaitMs: 5 },
        async () => undefined,
      );
      const isUp = () => readUp(telemetry, ['producer', 'live', `${topics.plates}/g`]);
      const message = { key: 'camera', value: Buffer.from('x'), headers: {} };
      // A live message may get lost while the broker makes its topic; the next one shows that it works.
      const publishBoth = async () => {
        await publishStubbornly(transport, [
          { topic: topics.plates, ...message },
          { topic: topics.live, ...message },
        ]);
        return isUp();
      };
      await expect.poll(publishBoth, { ...patient, interval: 1000 }).toEqual(['1', '1', '1']);
      expect(transport.works).toBe(true);
      const frozen = performance.now();
      onTestFinished(() => kafka.control.resume());
      await kafka.control.pause();
      await expect.poll(isUp, { timeout: 15_000, interval: 50 }).toEqual(['0', '0', '0']);
      expect(transport.works).toBe(false);
      expect(performance.now() - frozen).toBeLessThan(15_000);
      await kafka.control.resume();
      await expect.poll(isUp, patient).toEqual(['1', '1', '1']);
      expect(transport.works).toBe(true);
    },
    SLOW_START_MS,
  );

  test(
    'closes in seconds while the broker is away, also with messages on their way',
    async () => {
      const { transport, topics } = await openBusOn(kafka.brokers, { prefix: uniqueName('closed'), log, more: quick });
      await transport.subscribe(
        { topic: topics.plates, group: 'g', maxBatch: 10, maxWaitMs: 5 },
        async () => undefined,
      );
      const message = { topic: topics.plates, key: 'camera', value: Buffer.from('x'), headers: {} };
      await transport.publish([message]);
      onTestFinished(() => kafka.control.resume());
      await kafka.control.pause();
      const hanging = transport.publish([message]).catch(() => 'refused');
      await sleep(200);
      const begun = performance.now();
      await transport[Symbol.asyncDispose]();
      expect(performance.now() - begun).toBeLessThan(12_000);
      expect(await hanging).toBe('refused');
      const fresh = await openBusOn(kafka.brokers, { prefix: uniqueName('hung'), log });
      const { topics: own } = fresh;
      await fresh.transport.subscribe(
        { topic: own.plates, group: 'g', maxBatch: 1, maxWaitMs: 1 },
        async () => undefined,
      );
      const waiting = fresh.transport.publish([{ ...message, topic: own.plates }]).catch(() => 'refused');
      await sleep(200);
      const again = performance.now();
      await fresh.transport[Symbol.asyncDispose]();
      expect(performance.now() - again).toBeLessThan(12_000);
      expect(await waiting).toBe('refused');
    },
    SLOW_START_MS,
  );
});
