import type { Telemetry } from '../../telemetry/telemetry.ts';

/** What a challenger does in the shadow. */
export function createShadowMetrics(telemetry: Telemetry) {
  return {
    looks: telemetry.counter({
      name: 'alpr_shadow_looks_total',
      help: 'Looks at plates that a challenger was given, by what became of them: read, skipped (the budget was short), failed',
      unit: 'none',
      advice:
        'When most are skipped, few passages are compared: raise models.shadow.cores. When some fail, the log says why.',
      labels: ['model', 'outcome'],
    }),
    spent: telemetry.counter({
      name: 'alpr_shadow_run_seconds_total',
      help: 'Computing time of reading in the shadow',
      unit: 'seconds',
      advice: 'Its rate is the share of a core that is used; it stays below models.shadow.cores.',
    }),
  };
}
