import type { Telemetry } from '../../telemetry/telemetry.ts';

export type ModelMetrics = ReturnType<typeof createModelMetrics>;

/** Which versions of models an edge runs, and what became of others. */
export function createModelMetrics(telemetry: Telemetry) {
  return {
    versions: telemetry.gauge({
      name: 'alpr_model_version',
      help: 'Always 1 for each version that an edge runs or should run: its number in the registry (empty for a configured model), its state (running, canary, waiting, downloading, checking, refused, rolled_back) and why it is not used (untrusted, damaged, golden, crashed, local_looks, latency, errors, read_rate)',
      unit: 'none',
      advice:
        'When one is refused or rolled_back, read why in the log of the edge, then promote another version or roll this one back in the registry.',
      labels: ['kind', 'model', 'version', 'state', 'reason'],
    }),
    contact: telemetry.gauge({
      name: 'alpr_model_registry_contact_timestamp_seconds',
      help: 'When the model registry last answered an edge, as Unix time',
      unit: 'seconds',
      advice:
        'When it is more than an hour old, promoted versions do not reach the edge: check the registry and the network. The edge keeps the models it has.',
    }),
    changes: telemetry.counter({
      name: 'alpr_model_changes_total',
      help: 'Versions from the registry by outcome: used (all cameras), canary (some), refused, rolled_back, failed (could not be fetched; the edge tries again)',
      unit: 'none',
      advice: 'When failed grows, check the registry, the network to it and the disk of the edge.',
      labels: ['kind', 'outcome'],
    }),
  };
}
