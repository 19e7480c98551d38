import type { Telemetry } from '../telemetry.ts';

export type TracingMetrics = ReturnType<typeof createTracingMetrics>;

/** What becomes of spans. */
export function createTracingMetrics(telemetry: Telemetry) {
  return {
    spans: telemetry.counter({
      name: 'alpr_spans_total',
      help: 'Spans by what became of them: exported, dropped_full (too many waited), dropped_refused (the server did not take them)',
      unit: 'none',
      advice: 'When dropped grows, traces are incomplete: look at the collector, or trace a smaller share.',
      labels: ['outcome'],
    }),
  };
}
