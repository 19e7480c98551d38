import { createLog } from '../../src/base/log.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { tracingConfigSchema } from '../../src/telemetry/tracing/config.ts';
import { openTracing } from '../../src/telemetry/tracing/open.ts';

/** The share of passages that is traced, and the most that begin in a second, as configured unless said; without a share there are no traces. */
export type TracedBy = Readonly<{ share?: number; most?: number }>;

/** Traces that go to a server, by the share alone: nothing counts as slow. */
export function openTraces({ share, most }: TracedBy, endpoint: string): ReturnType<typeof openTracing> {
  const sampling = { ...(share !== undefined && { share, endpoint }), ...(most && { max_per_second: most }) };
  const config = { ...tracingConfigSchema.parse({ protocol: 'http', ...sampling }), slow_ms: 3_600_000_000 };
  return openTracing({
    config,
    site: 'bench',
    version: '0',
    telemetry: new Telemetry(),
    log: createLog({ level: 'warn' }),
  });
}
