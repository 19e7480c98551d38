import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/base/log.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { DEFAULT_TOPICS } from '../../src/contract/topics.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { Publisher } from '../../src/edge/publisher.ts';
import { Spool } from '../../src/edge/spool.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { makeEvents } from '../backend/store.ts';
import { printRows, type Row } from '../row.ts';

const ONE_BY_ONE = 200;
const EVENTS = 50_000;
const TOGETHER = 100;

/**
 * Events a second into the spool, safe on the disk, and out of it again to a bus that takes them at once; baseline: each event
 * waits for the disk by itself.
 */
export async function run(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-spool-'));
  try {
    const events = makeEvents(EVENTS);
    const single = await fill(join(folder, 'single'), events.slice(0, ONE_BY_ONE), 1);
    const filled = await fill(join(folder, 'spool'), events, TOGETHER);
    const opened = performance.now();
    await using spool = await openSpool(join(folder, 'spool'));
    const opening = performance.now() - opened;
    const drained = await drain(spool, events);
    return [
      { what: 'into the spool, one by one', value: single, unit: 'events/s', ratio: 1 },
      { what: `into the spool, ${TOGETHER} at once`, value: filled, unit: 'events/s', ratio: filled / single },
      { what: `spool of ${EVENTS} events opened after a stop`, value: opening, unit: 'ms' },
      {
        what: 'out of the spool, order of each camera checked',
        value: drained,
        unit: 'events/s',
        ratio: drained / single,
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

function openSpool(folder: string): Promise<Spool> {
  return Spool.open({ folder, segmentBytes: 8_000_000, log: createLog({ level: 'warn' }) });
}

async function fill(folder: string, events: readonly PlateEvent[], together: number): Promise<number> {
  await using spool = await openSpool(folder);
  const payloads = events.map(encodeEvent);
  const started = performance.now();
  for (let at = 0; at < payloads.length; at += together) {
    await Promise.all(payloads.slice(at, at + together).map((payload) => spool.append(payload)));
  }
  return (1000 * events.length) / (performance.now() - started);
}

async function drain(spool: Spool, events: readonly PlateEvent[]): Promise<number> {
  const arrived: unknown[] = [];
  const bus: Bus = {
    kind: 'bench',
    works: true,
    topics: DEFAULT_TOPICS,
    publish: async (_topic, contents) => {
      arrived.push(...contents);
    },
    subscribe: () => Promise.reject(new Error('nobody subscribes')),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const started = performance.now();
  const metrics = createEdgeMetrics(new Telemetry());
  const publisher = new Publisher({ spool, bus, log: createLog({ level: 'warn' }), metrics });
  publisher.notify();
  await publisher[Symbol.asyncDispose]();
  const rate = (1000 * arrived.length) / (performance.now() - started);
  checkOrder(arrived, events);
  return rate;
}

function checkOrder(arrived: readonly unknown[], events: readonly PlateEvent[]): void {
  const perCamera = (of: readonly PlateEvent[]) =>
    JSON.stringify(
      Object.entries(
        Object.groupBy(
          of.map(({ camera_id, event_id }) => ({ camera_id, event_id })),
          ({ camera_id }) => camera_id,
        ),
      ).sort(),
    );
  if (perCamera(arrived as PlateEvent[]) !== perCamera(events))
    throw new Error('events were lost or came out of order');
}

if (import.meta.main) printRows(await run());
