import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { TracingConfig } from './config.ts';
import type { TracingMetrics } from './metrics.ts';
import type { Span } from './span.ts';

/** Spans that may wait; each is about a kilobyte. */
const MOST_WAITING = 8192;
const AT_ONCE = 512;
const EVERY_MS = 1000;
const TIMEOUT_MS = 5000;
/** How long the end of the process may wait for the last spans. */
const LAST_MS = 2000;

const KINDS: Readonly<Record<Span['kind'], SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

type OtlpOptions = Readonly<{
  config: TracingConfig & Readonly<{ endpoint: string }>;
  site: string;
  version: string;
  metrics: TracingMetrics;
  log: Log;
}>;

/** Where spans go on their way out of the process. */
export type SpanExport = AsyncDisposable & Readonly<{ add(spans: readonly Span[]): void }>;

/** Sends spans by OTLP from a bounded queue; while the server is away they are dropped and counted, and nobody waits. */
export async function openSpanExport({ config, site, version, metrics, log }: OtlpOptions): Promise<SpanExport> {
  const exporter = await createExporter(config);
  const resources = new Map<string, Resource>();
  const scope = { name: 'ovr-alpr', version };
  let waiting = 0;
  let isWell = true;
  const note = (error: unknown) => {
    const isNow = error === undefined;
    if (isNow && !isWell) log.info({}, 'traces are taken again');
    if (!isNow && isWell) log.warn({ reason: messageOf(error) }, 'traces are not taken and dropped');
    isWell = isNow;
  };
  const processor = new BatchSpanProcessor({
    exporter: {
      export(spans, done) {
        waiting -= spans.length;
        exporter.export(spans, (result) => {
          const isTaken = result.error === undefined && result.code === 0;
          metrics.spans.inc({ outcome: isTaken ? 'exported' : 'dropped_refused' }, spans.length);
          note(isTaken ? undefined : (result.error ?? new Error('the server refused them')));
          // Told here; the processor would report it once more.
          done({ code: 0 });
        });
      },
      shutdown: () => exporter.shutdown(),
    },
    maxQueueSize: MOST_WAITING,
    maxExportBatchSize: AT_ONCE,
    scheduledDelayMillis: EVERY_MS,
    exportTimeoutMillis: 4 * TIMEOUT_MS,
  });
  const resourceOf = (service: string, isRebuilt: boolean) => {
    const key = `${service}/${isRebuilt}`;
    const known = resources.get(key);
    if (known) return known;
    const own = isRebuilt ? {} : { 'service.version': version, 'service.instance.id': `${hostname()}-${process.pid}` };
    const made = resourceFromAttributes({
      'service.namespace': 'ovr-alpr',
      'service.name': service,
      'alpr.site': site,
      ...own,
    });
    resources.set(key, made);
    return made;
  };
  return {
    add(spans) {
      // Half a trace tells less than none.
      if (waiting + spans.length > MOST_WAITING) {
        metrics.spans.inc({ outcome: 'dropped_full' }, spans.length);
        return;
      }
      waiting += spans.length;
      for (const span of spans) {
        const resource = resourceOf(span.service, span.attributes['alpr.rebuilt'] === true);
        processor.onEnd(toReadable(span, resource, scope));
      }
    },
    async [Symbol.asyncDispose]() {
      const closing = processor.shutdown().catch((error: unknown) => note(error));
      await Promise.race([closing, sleep(LAST_MS, undefined, { ref: false })]);
    },
  };
}

async function createExporter({ endpoint, protocol, headers }: OtlpOptions['config']): Promise<SpanExporter> {
  switch (protocol) {
    case 'http': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
      const url = new URL(endpoint);
      if (url.pathname === '/') url.pathname = '/v1/traces';
      return new OTLPTraceExporter({ url: url.href, headers: { ...headers }, timeoutMillis: TIMEOUT_MS });
    }
    case 'grpc': {
      const [{ OTLPTraceExporter }, { Metadata }] = await Promise.all([
        import('@opentelemetry/exporter-trace-otlp-grpc'),
        import('../../base/grpc.ts'),
      ]);
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      return new OTLPTraceExporter({ url: endpoint, metadata, timeoutMillis: TIMEOUT_MS });
    }
  }
}

const NONE: never[] = [];

function toReadable(
  span: Span,
  resource: Resource,
  instrumentationScope: { name: string; version: string },
): ReadableSpan {
  const { traceId, id, parentId, link, failure } = span;
  const contextOf = (spanId: string, ofTrace = traceId) => ({
    traceId: ofTrace,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
  });
  const context = contextOf(id);
  return {
    name: span.name,
    kind: KINDS[span.kind],
    spanContext: () => context,
    ...(parentId !== undefined && { parentSpanContext: contextOf(parentId) }),
    startTime: toHrTime(span.from),
    endTime: toHrTime(span.to),
    duration: toHrTime(span.to - span.from),
    status: failure === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: failure },
    attributes: span.attributes,
    links: link ? [{ context: contextOf(link.spanId, link.traceId) }] : NONE,
    events: NONE,
    ended: true,
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Seconds and nanoseconds of milliseconds. */
function toHrTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - 1000 * seconds) * 1e6)];
}
