import { createLog } from '../../src/base/log.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { tracingConfigSchema } from '../../src/telemetry/tracing/config.ts';
import { createTracing } from '../../src/telemetry/tracing/create-tracing.ts';
import { createTracingMetrics } from '../../src/telemetry/tracing/metrics.ts';
import { openSpanExport } from '../../src/telemetry/tracing/otlp.ts';
import { NO_TRACING } from '../../src/telemetry/tracing/tracing.ts';

/** The share of passages that is traced, and the most that begin in a second, as configured unless said; without a share there are no traces. */
export type TracedBy = Readonly<{ share?: number; most?: number }>;

/** Traces that go to a server, by the share alone: nothing counts as slow. `flush` resolves when all spans are sent. */
export async function openTraces({ share, most }: TracedBy, endpoint: string) {
  if (share === undefined)
    return { of: () => NO_TRACING, flush: async () => undefined, [Symbol.asyncDispose]: async () => undefined };
  const config = tracingConfigSchema.parse({
    protocol: 'http',
    share,
    endpoint,
    ...(most && { max_per_second: most }),
  });
  const spans = await openSpanExport({
    ...{ config: { ...config, endpoint }, site: 'bench', version: '0', log: createLog({ level: 'warn' }) },
    metrics: createTracingMetrics(new Telemetry()),
  });
  const of = createTracing({ ...config, slow_ms: 3_600_000_000 }, spans.add);
  return { of, flush: spans.flush, [Symbol.asyncDispose]: () => spans[Symbol.asyncDispose]() };
}
