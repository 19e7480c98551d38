import { describe, expect, test } from 'vitest';
import { createTracing } from '../../../src/telemetry/tracing/create-tracing.ts';
import { noteTaken } from '../../../src/telemetry/tracing/note-taken.ts';
import type { Span } from '../../../src/telemetry/tracing/span.ts';
import { createBudget, createShare, parseParent, readHeaders } from '../../../src/telemetry/tracing/trace-context.ts';
import { makeEvent } from '../../store/make-event.ts';

function open() {
  const spans: Span[] = [];
  const config = { share: 0, max_per_second: 10, slow_ms: 10_000, slow_request_ms: 1000 };
  const tracing = createTracing(config, (more) => spans.push(...more));
  return { edge: tracing('edge'), ingest: tracing('ingest'), spans, names: () => spans.map(({ name }) => name) };
}

/** The headers of an event whose trace is exported. */
function writeHeaders(eventId: string) {
  const { edge } = open();
  edge.want(eventId);
  return edge.headersOf(eventId);
}

const AT = Date.UTC(2026, 10, 30, 8);
const step = (name: 'spool' | 'publish' | 'row') => ({ name, from: AT, to: AT + 5 });
const row = { bus: 'kafka', group: 'ingest', receivedAt: AT + 20, hasFailed: false, steps: () => [step('row')] };

describe('The share', () => {
  test('is what it says, and the same for the id of an event and of its trace', () => {
    const ids = Array.from({ length: 2000 }, () => makeEvent().event_id);
    const isInShare = createShare(0.1);
    const inShare = ids.filter(isInShare);
    // Binomial: 200 expected, with a standard deviation of 13.4.
    expect(Math.abs(inShare.length - 200)).toBeLessThan(67);
    expect(inShare.filter((id) => !isInShare(id.replaceAll('-', '')) || !isInShare(id.toUpperCase()))).toEqual([]);
    expect(ids.some(createShare(0))).toBe(false);
    expect(ids.every(createShare(1))).toBe(true);
  });

  test('is no more than so many a second, and as many at once', () => {
    let now = 0;
    const hasRoom = createBudget(10, () => now);
    const count = (asked: number) => Array.from({ length: asked }, () => hasRoom()).filter(Boolean).length;
    expect(count(1000)).toBe(10);
    now += 250;
    expect(count(1000)).toBe(2);
    now += 3_600_000;
    expect(count(1000)).toBe(10);
  });
});

describe('The W3C context', () => {
  const id = '019ad3f2-7c1e-7b3a-9f00-0123456789ab';

  test.each([
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', true],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00', false],
    ['cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-what-comes-later', true],
  ])('is read: %s', (text, isSampled) => {
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    expect(parseParent(text)).toEqual({ traceId, spanId, isSampled });
  });

  test.each([
    '',
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
  ])('is refused: %s', (text) => {
    expect(parseParent(text)).toBeUndefined();
  });

  test('of an event is its id, and when the message was sent', () => {
    const before = Date.now();
    const headers = writeHeaders(id);
    expect(headers?.traceparent).toBe('00-019ad3f27c1e7b3a9f000123456789ab-9f000123456789ab-01');
    const { isExported, sentAt } = readHeaders({ ...headers }, id);
    expect(isExported).toBe(true);
    expect(sentAt).toBeGreaterThanOrEqual(before);
    expect(sentAt).toBeLessThanOrEqual(Date.now());
    expect(readHeaders({ ...headers }, makeEvent().event_id).isExported).toBe(false);
  });
});

describe('Outside the share', () => {
  test('a passage without anything remarkable leaves no span and no header', () => {
    const { edge, ingest, spans } = open();
    const event = makeEvent({ at: Date.now() });
    edge.note({ event, steps: [step('spool')], keeps: true });
    noteTaken(ingest, [{ event, headers: {} }], row);
    expect(spans).toEqual([]);
    expect(edge.headersOf(event.event_id)).toBeUndefined();
  });

  test('a reason that turns up late exports what the process has kept', () => {
    const { edge, names } = open();
    const event = makeEvent();
    edge.note({ event, steps: [step('spool')], keeps: true });
    edge.want(event.event_id);
    edge.note({ event, steps: [step('publish')], unexported: event, keeps: true });
    expect(names()).toEqual(['spool', 'publish']);
    expect(edge.headersOf(event.event_id)?.traceparent).toMatch(/-01$/);
  });

  test('an event that comes late is traced whole, its beginning as the event tells it', () => {
    const { ingest, spans, names } = open();
    const event = makeEvent({ at: Date.now() - 11_000 });
    noteTaken(ingest, [{ event, headers: {} }], row);
    noteTaken(ingest, [{ event: { ...event, revision: 2 }, headers: {} }], row);
    expect(names()).toEqual(['passage', 'frame', 'detect', 'read', 'spool', 'kafka', 'row', 'kafka', 'row']);
    const [root, ...others] = spans;
    expect(root).toMatchObject({ service: 'edge', parentId: undefined, attributes: { 'alpr.rebuilt': true } });
    expect(root?.to).toBe(Date.parse(event.time.published));
    for (const { parentId } of others) expect(parentId).toBe(root?.id);
    expect(new Set(spans.map(({ id }) => id)).size).toBe(9);
  });

  test('a batch that failed before is traced, and what the sender has exported is not told again', () => {
    const { ingest, names } = open();
    const event = makeEvent();
    const headers = { ...writeHeaders(event.event_id) };
    noteTaken(ingest, [{ event, headers }], { ...row, hasFailed: true });
    expect(names()).toEqual(['kafka', 'row']);
  });

  test.each([
    ['a person’s decision on an old event', { revision: 1_000_001 }],
    ['an import', { source: 'import' as const }],
  ])('%s is not slow', (_what, given) => {
    const event = { ...makeEvent({ at: AT }), ...given };
    expect(open().ingest.isSlow(event, AT + 86_400_000)).toBe(false);
  });

  test('an event of a recording is slow by when it was made, not by when the vehicle passed', () => {
    const [old, made] = [makeEvent({ at: AT }), AT + 7 * 86_400_000];
    const event = { ...old, time: { ...old.time, published: new Date(made).toISOString() } };
    expect(open().ingest.isSlow(event, made + 9000)).toBe(false);
    expect(open().ingest.isSlow(event, made + 11_000)).toBe(true);
  });

  test('memory stays bounded, however many passages nobody wants', () => {
    const { edge, names } = open();
    const first = makeEvent();
    edge.note({ event: first, steps: [step('spool')], keeps: true });
    for (let at = 0; at < 1024; at += 1) edge.note({ event: makeEvent(), steps: [step('spool')], keeps: true });
    edge.want(first.event_id);
    edge.note({ event: first, steps: [step('publish')], unexported: first });
    // What was kept is gone by now, and made up from the event.
    expect(names()).toEqual(['passage', 'frame', 'detect', 'read', 'spool', 'publish']);
  });
});
