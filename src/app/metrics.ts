import type { Telemetry } from '../telemetry/telemetry.ts';

/** What a process says of itself. */
export function createProcessMetrics(telemetry: Telemetry) {
  return {
    build: telemetry.gauge({
      name: 'alpr_build_info',
      help: 'Always 1; the version of the program is its label',
      unit: 'none',
      advice: 'When processes differ for longer than an update takes, one was forgotten.',
      labels: ['version'],
    }),
    model: telemetry.gauge({
      name: 'alpr_model_info',
      help: 'Always 1 for each network in use: its name with the first digits of its hash, its kind (detector, reader, vehicle, challenger), the execution provider in use, and whether all cameras or only chosen ones run it (all, chosen)',
      unit: 'none',
      advice:
        'When the provider is cpu on a machine with an accelerator, its driver or runtime is missing: the log says which.',
      labels: ['model', 'kind', 'provider', 'cameras'],
    }),
    started: telemetry.gauge({
      name: 'alpr_process_start_timestamp_seconds',
      help: 'When the process began to count, as Unix time',
      unit: 'seconds',
      advice: 'When it changes without an update, the process ended by itself: look at its last lines in the log.',
    }),
  };
}
