import { hostname } from 'node:os';
import { pid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IOtlpExportDelegate } from '@opentelemetry/otlp-exporter-base';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { TracingConfig } from './config.ts';
import type { TracingMetrics } from './metrics.ts';
import type { Span } from './span.ts';
import { SpanBytes } from './span-bytes.ts';

/** Spans that may wait or be on their way; each is about 200 bytes. */
const MOST_WAITING = 8192;
const EVERY_MS = 1000;
const TIMEOUT_MS = 5000;
/** How long the end of the process may wait for the last spans. */
const LAST_MS = 2000;

type OtlpOptions = Readonly<{
  config: TracingConfig & Readonly<{ endpoint: string }>;
  site: string;
  version: string;
  metrics: TracingMetrics;
  log: Log;
}>;

/** Where spans go on their way out of the process. `flush` sends what waits now; it resolves when all is sent. */
export type SpanExport = AsyncDisposable & Readonly<{ add(spans: readonly Span[]): void; flush(): Promise<void> }>;

/** An `ExportTraceServiceRequest`, and how many spans it has. */
type Batch = Readonly<{ bytes: Uint8Array; count: number }>;

/** Sends spans by OTLP from a bounded queue; while the server is away they are dropped and counted, and nobody waits. */
export async function openSpanExport({ config, site, version, metrics, log }: OtlpOptions): Promise<SpanExport> {
  const sender = await createSender(config);
  const [own, rebuilt] = [new Map<string, SpanBytes>(), new Map<string, SpanBytes>()];
  const batches: Batch[] = [];
  let waiting = 0;
  let isWell = true;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  const note = (error: unknown) => {
    const isNow = error === undefined;
    if (isNow && !isWell) log.info({}, 'traces are taken again');
    if (!isNow && isWell) log.warn({ reason: messageOf(error) }, 'traces are not taken and dropped');
    isWell = isNow;
  };
  const sourceOf = ({ service, attributes }: Span) => {
    const isRebuilt = attributes['alpr.rebuilt'] === true;
    const sources = isRebuilt ? rebuilt : own;
    const known = sources.get(service);
    if (known) return known;
    const itself = { 'service.version': version, 'service.instance.id': `${hostname()}-${pid}` };
    const common = { 'service.namespace': 'ovr-alpr', 'service.name': service, 'alpr.site': site };
    const made = new SpanBytes({ resource: { ...common, ...(isRebuilt ? {} : itself) }, version });
    sources.set(service, made);
    return made;
  };
  const send = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      const { error } = await sendBatch(sender, batch);
      waiting -= batch.count;
      metrics.spans.inc({ outcome: error === undefined ? 'exported' : 'dropped_refused' }, batch.count);
      note(error);
    }
    sending = undefined;
  };
  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const full = [...own.values(), ...rebuilt.values()].filter(({ count }) => count > 0);
    const count = full.reduce((sum, one) => sum + one.count, 0);
    if (count > 0) {
      batches.push({ count, bytes: Buffer.concat(full.map((one) => one.take())) });
      sending ??= send();
    }
    await sending;
  };
  return {
    flush,
    add(spans) {
      // Half a trace tells less than none.
      if (waiting + spans.length > MOST_WAITING) {
        metrics.spans.inc({ outcome: 'dropped_full' }, spans.length);
        return;
      }
      waiting += spans.length;
      for (const span of spans) {
        const source = sourceOf(span);
        source.add(span);
        if (source.isFull) void flush();
      }
      timer ??= setTimeout(flush, EVERY_MS).unref();
    },
    async [Symbol.asyncDispose]() {
      const closing = flush().then(() => sender.shutdown());
      await Promise.race([closing, sleep(LAST_MS, undefined, { ref: false })]);
    },
  };
}

function sendBatch(sender: IOtlpExportDelegate<Batch>, batch: Batch): Promise<{ error: unknown }> {
  return new Promise((resolve) =>
    sender.export(batch, ({ code, error }) =>
      resolve({ error: code === 0 ? undefined : (error ?? new Error('the server refused them')) }),
    ),
  );
}

/** OpenTelemetry's own ways to a server, which try again for a while; they are given bytes. */
async function createSender({
  endpoint,
  protocol,
  headers,
}: OtlpOptions['config']): Promise<IOtlpExportDelegate<Batch>> {
  const serializer = { serializeRequest: ({ bytes }: Batch) => bytes, deserializeResponse: () => ({}) };
  const counted = { name: 'span', countItems: ({ count }: Batch) => count } as const;
  switch (protocol) {
    case 'http': {
      const { convertLegacyHttpOptions, createOtlpHttpExportDelegate } = await import(
        '@opentelemetry/otlp-exporter-base/node-http'
      );
      const url = new URL(endpoint);
      if (url.pathname === '/') url.pathname = '/v1/traces';
      const asked = { url: url.href, headers: { ...headers }, timeoutMillis: TIMEOUT_MS };
      const type = { 'Content-Type': 'application/x-protobuf' };
      const options = convertLegacyHttpOptions(asked, 'TRACES', 'v1/traces', type);
      return createOtlpHttpExportDelegate(options, serializer, 'otlp_http_span_exporter', counted, undefined);
    }
    case 'grpc': {
      const [{ convertLegacyOtlpGrpcOptions, createOtlpGrpcExportDelegate }, { Metadata }] = await Promise.all([
        import('@opentelemetry/otlp-grpc-exporter-base'),
        import('../../base/grpc.ts'),
      ]);
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      const options = convertLegacyOtlpGrpcOptions({ url: endpoint, metadata, timeoutMillis: TIMEOUT_MS }, 'TRACES');
      const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
      const name = 'TraceExportService';
      return createOtlpGrpcExportDelegate(
        options,
        serializer,
        'otlp_grpc_span_exporter',
        counted,
        undefined,
        name,
        path,
      );
    }
  }
}
