import { expect, test } from 'vitest';
import { createLog } from '../../../src/base/log.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import { tracingConfigSchema } from '../../../src/telemetry/tracing/config.ts';
import { createTracingMetrics } from '../../../src/telemetry/tracing/metrics.ts';
import { openSpanExport } from '../../../src/telemetry/tracing/otlp.ts';
import type { Span } from '../../../src/telemetry/tracing/span.ts';
import { receiveGrpc, receiveHttp } from './otlp-receiver.ts';

const AT = Date.UTC(2026, 10, 30, 8);
const span: Span = {
  traceId: '019ad3f27c1e7b3a9f000123456789ab',
  id: '00f067aa0ba902b7',
  parentId: '9f000123456789ab',
  service: 'ingest',
  name: 'row',
  kind: 'consumer',
  from: AT,
  to: AT + 1.5,
  attributes: { 'alpr.revision': 2, 'alpr.camera': 'gate', 'alpr.confidence': 0.95, 'alpr.rebuilt': false },
  failure: 'DATABASE_UNAVAILABLE',
  link: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
};

function open(endpoint: string, given: object = {}) {
  const lines: { msg: string }[] = [];
  const target = { write: (text: string) => void lines.push(JSON.parse(text)), isTerminal: false, hasColours: false };
  const telemetry = new Telemetry();
  const config = { ...tracingConfigSchema.parse(given), endpoint };
  const log = createLog({ level: 'info' }, target);
  const opening = openSpanExport({
    config,
    site: 'home',
    version: '1.2.3',
    metrics: createTracingMetrics(telemetry),
    log,
  });
  const count = async (outcome: string) => {
    const { text } = await telemetry.format();
    return Number(new RegExp(`alpr_spans_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };
  return { opening, lines, count };
}

test.each([
  ['http', receiveHttp],
  ['grpc', receiveGrpc],
] as const)('Spans arrive by %s as they are, with the headers of the configuration', async (protocol, receive) => {
  await using receiver = await receive();
  const { opening, count } = open(receiver.endpoint, { protocol, headers: { authorization: 'Bearer 123' } });
  const spans = await opening;
  spans.add([span, { ...span, id: '00f067aa0ba902b8', parentId: undefined, failure: undefined }]);
  await spans[Symbol.asyncDispose]();
  const { failure: _, link: __, kind: ___, ...same } = span;
  expect(receiver.spans).toEqual([
    { ...same, kind: 5, status: 2, links: ['4bf92f3577b34da6a3ce929d0e0e4736'] },
    { ...same, id: '00f067aa0ba902b8', parentId: '', kind: 5, status: 0, links: ['4bf92f3577b34da6a3ce929d0e0e4736'] },
  ]);
  expect(receiver.headers[0]?.authorization).toBe('Bearer 123');
  expect(await count('exported')).toBe(2);
});

test('A full batch is sent at once, the rest within a second, and texts as they are', async () => {
  await using receiver = await receiveHttp();
  const { opening } = open(receiver.endpoint, { protocol: 'http' });
  await using spans = await opening;
  for (let at = 0; at < 4000; at += 1) spans.add([span]);
  await expect.poll(() => receiver.spans.length, { timeout: 10_000 }).toBe(4000);
  spans.add([{ ...span, name: 'die Straße' }]);
  await expect.poll(() => receiver.spans.at(-1)?.name, { timeout: 10_000 }).toBe('die Straße');
  expect(receiver.spans[0]).toMatchObject({ name: 'row', attributes: span.attributes });
});

test('A server that is away holds up nobody, is told of once, and costs the spans that do not fit', async () => {
  const { opening, lines, count } = open('http://127.0.0.1:9', { protocol: 'http' });
  const spans = await opening;
  const begun = performance.now();
  for (let at = 0; at < 6000; at += 1) spans.add([span, span]);
  expect(performance.now() - begun).toBeLessThan(4000);
  expect(await count('dropped_full')).toBeGreaterThan(3000);
  const closing = performance.now();
  await spans[Symbol.asyncDispose]();
  expect(performance.now() - closing).toBeLessThan(4000);
  expect(lines.filter(({ msg }) => msg === 'traces are not taken and dropped').length).toBeLessThan(2);
});
