import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Log } from '../../src/base/log.ts';
import type { Bus } from '../../src/bus/bus.ts';
import type { KeepingTransport } from '../../src/bus/transport.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { Publisher } from '../../src/edge/publisher.ts';
import { listRefused } from '../../src/edge/refused-events.ts';
import { Spool } from '../../src/edge/spool.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openBusOn } from '../bus/open-kafka.ts';
import { describeWith, shareKafka, uniqueName } from '../servers/servers.ts';

const patient = { timeout: 25_000, interval: 20 };
/** Far below the broker's default of 1,048,588 bytes, so that the test is quick. */
const LIMIT = 4000;
let folder: string;
let errors: string[];
let log: Log;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refused-'));
  errors = [];
  const quiet = () => undefined;
  log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (fields, text) => errors.push(`${text} ${JSON.stringify(fields)}`),
    child: () => log,
  };
});
afterEach(() => rm(folder, { recursive: true }));

/** Bytes that no compression makes smaller, with the camera's name as in an event. */
function payload(camera: string, number: number, bytes = 0): Uint8Array {
  return Buffer.from(`{"camera_id":"${camera}","number":${number},"more":"${randomBytes(bytes).toString('base64')}"}`);
}

const numberOf = (value: Uint8Array) => Number(/"number":(\d+)/.exec(Buffer.from(value).toString())?.[1]);

describeWith(['kafka'], 'Events that the broker will never take', () => {
  let brokers: readonly string[];
  beforeAll(async () => {
    ({ brokers } = await shareKafka());
  });

  /** Limits the size of messages; the broker does so a moment later. */
  async function limit(transport: KeepingTransport, topic: string, bytes: number): Promise<void> {
    const probe = { topic, key: 'probe', value: payload('probe', 0, LIMIT), headers: {} };
    if (bytes <= LIMIT) await transport.publish([probe]);
    await using admin = new AsyncDisposableStack();
    const client = new Admin({ clientId: 'test', bootstrapBrokers: [...brokers], retries: 60, retryDelay: 250 });
    admin.defer(() => client.close());
    const configs = [{ name: 'max.message.bytes', configOperation: 0 as const, value: String(bytes) }];
    await client.incrementalAlterConfigs({ resources: [{ resourceType: 2, resourceName: topic, configs }] });
    const isTaken = () =>
      transport.publish([probe]).then(
        () => true,
        () => false,
      );
    await expect.poll(isTaken, patient).toBe(bytes > LIMIT);
  }

  async function openPublisher(bus: Bus) {
    const telemetry = new Telemetry();
    const metrics = createEdgeMetrics(telemetry);
    const spool = await Spool.open({ folder, segmentBytes: 1_000_000, log });
    const publisher = new Publisher({ spool, bus, log, metrics });
    publisher.notify();
    return { spool, publisher, telemetry };
  }

  test('are put aside and counted, said once, and hold up no other; the next start hands them in again', async () => {
    const { bus, transport, topics } = await openBusOn(brokers, { prefix: uniqueName('refused'), log });
    await using _ = bus;
    await limit(transport, topics.plates, LIMIT);
    const large = new Set([17, 18, 40, 99]);
    const payloads = Array.from({ length: 100 }, (_, at) => payload(`c${at % 4}`, at + 1, large.has(at) ? LIMIT : 9));
    {
      const { spool, publisher, telemetry } = await openPublisher(bus);
      await using _spool = spool;
      await using _publisher = publisher;
      await Promise.all(payloads.map((one) => spool.append(one)));
      publisher.notify();
      await expect.poll(() => spool.waiting, patient).toBe(0);
      expect([spool.aside, errors.length]).toEqual([4, 1]);
      expect(errors[0]).toContain('max.message.bytes');
      const format = async () => (await telemetry.format()).text;
      await expect.poll(format, patient).toContain('alpr_events_aside 4');
      expect(await format()).toContain('alpr_events_refused_total 4');
    }
    const others = payloads.map(numberOf).filter((number) => !large.has(number - 1));
    const arrived = new Set((await transport.readTopic(topics.plates)).map(({ value }) => numberOf(value)));
    expect([...arrived].toSorted((a, b) => a - b)).toEqual([0, ...others]);
    expect(await listRefused(join(folder, 'refused'))).toHaveLength(4);

    await limit(transport, topics.plates, 1_000_000);
    const { spool, publisher } = await openPublisher(bus);
    await using _spool = spool;
    await using _publisher = publisher;
    await expect.poll(() => spool.waiting, patient).toBe(0);
    expect([spool.aside, await listRefused(join(folder, 'refused'))]).toEqual([0, []]);
    const all = (await transport.readTopic(topics.plates)).map(({ value }) => value);
    for (const at of large)
      expect(all.some((value) => Buffer.compare(value, payloads[at] as Uint8Array) === 0)).toBe(true);
  });
});

describe('Refused events on the disk', () => {
  test('one that is put aside again after a crash is one file', async () => {
    await using spool = await Spool.open({ folder, segmentBytes: 1_000_000, log });
    const entry = { id: 1, payload: payload('c', 1) };
    await spool.putAside(entry, new Error('too large'));
    await spool.putAside(entry, new Error('too large'));
    expect([spool.aside, await listRefused(join(folder, 'refused'))]).toMatchObject([1, { length: 1 }]);
  });

  test('that cannot be read keep nobody from starting, and other files there are left alone', async () => {
    const refused = join(folder, 'refused');
    const names = ['000000000006-0123456789ab.event', '000000000007-0123456789ab.event', 'notes.txt'];
    await mkdir(join(refused, names[0] as string), { recursive: true });
    await writeFile(join(refused, names[1] as string), payload('c', 7));
    await writeFile(join(refused, names[2] as string), 'not ours');
    await using spool = await Spool.open({ folder, segmentBytes: 1_000_000, log });
    expect((await spool.peek(10)).map((entry) => numberOf(entry.payload))).toEqual([7]);
    expect([spool.aside, (await readdir(refused)).toSorted()]).toEqual([1, [names[0], names[2]]]);
  });
});
