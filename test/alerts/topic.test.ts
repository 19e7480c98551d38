import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { openKafka } from '../../src/bus/open.ts';
import type { Alert } from '../../src/contract/alert.ts';
import { readSchemaNumber } from '../../src/contract/wire-codec.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { kafkaConfig } from '../bus/open-kafka.ts';
import { readContents } from '../bus/read-contents.ts';
import { makeAlert, makeSystemAlert } from '../contract/make-alert.ts';
import { describeWith, shareKafka, shareRegistry, uniqueName } from '../servers/servers.ts';

describeWith(['kafka', 'registry'], 'Alerts on Kafka', () => {
  test('are Avro of a schema of their own, which the registry keeps compatible, and arrive as they were', async () => {
    const [{ brokers }, { url }] = await Promise.all([shareKafka(), shareRegistry()]);
    const dataFolder = await mkdtemp(join(tmpdir(), 'alpr-alerts-topic-'));
    const prefix = uniqueName('topic');
    const config = kafkaConfig(brokers, prefix, { registry: { url }, format: 'avro' } as object);
    const log = createLog({ level: 'silent' });
    await using kafka = await openKafka({ config, dataFolder, log, telemetry: new Telemetry() });
    const told: Alert[] = [];
    const numbers = new Set<number | undefined>();
    const everything = { topic: 'alerts', group: 'test', maxBatch: 10, maxWaitMs: 0 } as const;
    await using _ = await kafka.bus.subscribe(everything, async (batch) => {
      told.push(...readContents(batch));
      for (const { message } of batch) numbers.add(readSchemaNumber(message.value));
    });
    const sent = [makeAlert(), makeSystemAlert()];
    await kafka.bus.publish('alerts', sent);
    await vi.waitFor(() => expect(told).toEqual(sent), { timeout: 60_000, interval: 100 });
    expect([...numbers]).toEqual([expect.any(Number)]);
    const level = await fetch(`${url}/config/${prefix}.alerts-value`);
    expect(await level.json()).toMatchObject({ compatibilityLevel: 'FULL_TRANSITIVE' });
    await rm(dataFolder, { recursive: true });
  }, 120_000);
});
