import { encodeEvent } from '../../src/contract/codec.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { addTrace, readSpooled } from '../../src/edge/spooled-event.ts';
import { tracePublishing } from '../../src/edge/trace-publishing.ts';
import { noteTaken } from '../../src/telemetry/tracing/note-taken.ts';
import { formatParent } from '../../src/telemetry/tracing/trace-context.ts';
import { makeEvents } from '../backend/store.ts';
import { printRows, type Row } from '../row.ts';
import { openTraces } from './open-traced.ts';
import { describeFigures, openReceiver } from './ways.ts';

const TURNS = 60;
const WARM_UP = 10;
const EVENTS = 1000;
const BATCH = 500;

/**
 * Processor time of what an event is asked, and what is noted of it, from the spool to the row, without all else that is done for it: once where
 * it is not of the share, once where it is and its five spans are sent. This hardly depends on what else the machine does.
 */
export async function run(): Promise<readonly Row[]> {
  await using receiver = await openReceiver();
  await using opened = new AsyncDisposableStack();
  const ways = [];
  for (const share of [0, 1]) {
    const traces = opened.use(await openTraces({ share, most: 100_000 }, receiver.endpoint));
    ways.push({ traces, figures: [] as number[] });
  }
  for (let turn = -WARM_UP; turn < TURNS; turn += 1) {
    for (const [at, { traces, figures }] of ways.entries()) {
      const figure = await measure(traces, makeNow(2 * (WARM_UP + turn) + at));
      if (turn >= 0) figures.push(figure);
    }
  }
  return ways.map(({ figures }, at) => ({
    what: `calls for traces of an event that is ${at === 0 ? 'not ' : ''}traced`,
    ...describeFigures(figures, 'µs of processor time'),
  }));
}

type Traces = Awaited<ReturnType<typeof openTraces>>;

async function measure(traces: Traces, events: readonly PlateEvent[]): Promise<number> {
  const [edge, ingest] = [traces.of('edge'), traces.of('ingest')];
  const payloads = events.map((event) => encodeEvent(event));
  const plain = time(() => payloads.map(readSpooled));
  const spooled = time(() =>
    events.map(({ event_id: id }, at) => {
      const payload = payloads[at] ?? new Uint8Array();
      const isTraced = edge.samples(id);
      if (isTraced) edge.want(id);
      return isTraced ? addTrace(payload, formatParent(id)) : payload;
    }),
  );
  const read = time(() => spooled.value.map(readSpooled));
  const rest = time(() => {
    for (let at = 0; at < read.value.length; at += BATCH) {
      const batch = read.value.slice(at, at + BATCH);
      const end = tracePublishing(edge, batch, 0);
      const taken = batch.flatMap(({ content }) =>
        'event_id' in content ? { event: content, headers: { ...edge.headersOf(content.event_id) } } : [],
      );
      end?.(new Set());
      const now = Date.now();
      noteTaken(ingest, taken, {
        ...{ bus: 'memory', group: 'ingest', receivedAt: now, hasFailed: false },
        steps: () => [
          { name: 'ingest', from: now, to: now },
          { name: 'row', from: now, to: now, attributes: { 'alpr.batch': BATCH } },
        ],
      });
    }
  });
  const begun = process.cpuUsage();
  await traces.flush();
  const { user, system } = process.cpuUsage(begun);
  return (spooled.us + read.us - plain.us + rest.us + user + system) / events.length;
}

function time<T>(work: () => T): Readonly<{ value: T; us: number }> {
  const begun = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(begun);
  return { value, us: user + system };
}

function makeNow(seed: number): readonly PlateEvent[] {
  const now = new Date().toISOString();
  const time = { first_seen: now, best: now, last_seen: now, published: now };
  return makeEvents(EVENTS, seed).map((event) => ({ ...event, time }));
}

if (import.meta.main) printRows(await run());
