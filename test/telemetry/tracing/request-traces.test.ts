import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTracing } from '../../../src/telemetry/tracing/create-tracing.ts';
import type { Span } from '../../../src/telemetry/tracing/span.ts';
import { makeEvent } from '../../store/make-event.ts';

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
const sampled = `00-${TRACE}-${SPAN}-01`;

type Asked = Parameters<ReturnType<ReturnType<typeof createTracing>>['beginRequest']>[0];

/** A request that takes `ms` and runs one statement. */
async function ask(given: Partial<Asked> & Readonly<{ share?: number; status?: number; ms?: number }>) {
  const { share = 0, status = 200, ms = 0, ...asked } = given;
  const spans: Span[] = [];
  const config = { share, max_per_second: 10, slow_ms: 10_000, slow_request_ms: ms > 0 ? 50 : 60_000 };
  const tracing = createTracing(config, (more) => spans.push(...more))('serve');
  const request = tracing.beginRequest({ method: 'GET', ...asked });
  await request.run(async () => {
    const end = tracing.beginStatement('SELECT  event\n  FROM plate_events WHERE event_id = $1');
    await sleep(ms);
    end?.();
  });
  request.end({ route: '/events/:id', status });
  expect(tracing.beginStatement('SELECT 1')).toBeUndefined();
  return spans;
}

test('A request that is fast and answered leaves nothing outside the share', async () => {
  expect(await ask({})).toEqual([]);
});

test.each([
  ['slow', { ms: 80 }],
  ['answered by a fault of ours', { status: 500 }],
])('A request that is %s has a trace of its own, with its statements below it', async (_what, given) => {
  const [request, statement, ...more] = await ask(given);
  expect(more).toEqual([]);
  expect(request).toMatchObject({ name: 'GET /events/:id', kind: 'server', parentId: undefined, service: 'serve' });
  expect(statement).toMatchObject({
    traceId: request?.traceId,
    parentId: request?.id,
    name: 'SQL SELECT',
    attributes: { 'db.query.text': 'SELECT event FROM plate_events WHERE event_id = $1' },
  });
});

test('A caller whose trace is wanted gets the request into it', async () => {
  const [request] = await ask({ traceparent: sampled });
  expect(request).toMatchObject({ traceId: TRACE, parentId: SPAN });
});

test('A caller who is not let in has nothing traced', async () => {
  expect(await ask({ traceparent: sampled, status: 401 })).toEqual([]);
});

test('A request about an event hangs on the root of its passage where that is exported', async () => {
  const { event_id } = makeEvent();
  const trace = event_id.replaceAll('-', '');
  const [request] = await ask({ eventId: event_id, share: 1 });
  expect(request).toMatchObject({ traceId: trace, parentId: trace.slice(16) });
});

test('A slow request about an event whose passage is not exported only names that', async () => {
  const { event_id } = makeEvent();
  const trace = event_id.replaceAll('-', '');
  const [request] = await ask({ eventId: event_id, ms: 80 });
  expect(request?.traceId).not.toBe(trace);
  expect(request?.link).toEqual({ traceId: trace, spanId: trace.slice(16) });
});
