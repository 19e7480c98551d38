import type { Log } from '../../base/log.ts';
import type { Telemetry } from '../telemetry.ts';
import type { TracingConfig } from './config.ts';
import { NO_TRACING, type Tracing } from './tracing.ts';

type OpenOptions = Readonly<{
  config: TracingConfig;
  site: string;
  version: string;
  telemetry: Telemetry;
  log: Log;
}>;

/** The traces of a process: `of` gives each service its own name in them. */
export type ProcessTracing = AsyncDisposable & Readonly<{ of(service: string): Tracing }>;

/** Opens the traces of this process. Without an endpoint there are none, and nothing is loaded. */
export async function openTracing({ config, site, version, telemetry, log }: OpenOptions): Promise<ProcessTracing> {
  const { endpoint } = config;
  if (endpoint === undefined) return { of: () => NO_TRACING, [Symbol.asyncDispose]: async () => undefined };
  const [{ openSpanExport }, { createTracingMetrics }, { createTracing }] = await Promise.all([
    import('./otlp.ts'),
    import('./metrics.ts'),
    import('./create-tracing.ts'),
  ]);
  const metrics = createTracingMetrics(telemetry);
  const spans = await openSpanExport({ config: { ...config, endpoint }, site, version, metrics, log });
  log.info({ endpoint: new URL(endpoint).origin, share: config.share }, 'traces are exported');
  return { of: createTracing(config, spans.add), [Symbol.asyncDispose]: () => spans[Symbol.asyncDispose]() };
}
