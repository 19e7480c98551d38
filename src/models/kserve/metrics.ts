import type { Telemetry } from '../../telemetry/telemetry.ts';

export type ModelServerMetrics = ReturnType<typeof createModelServerMetrics>;

/** What is counted of the inference server. */
export function createModelServerMetrics(telemetry: Telemetry) {
  return {
    works: telemetry.gauge({
      name: 'alpr_inference_server_works',
      help: '1 while the inference server answers, 0 while it is away; present only where models.server names one',
      unit: 'none',
      advice:
        'When it is 0, frames wait, fail or are computed here, as models.server.when_away says. Read why in the log, and start the server.',
    }),
    runs: telemetry.counter({
      name: 'alpr_inference_runs_total',
      help: 'Runs of networks by where they were computed: server, local (here, because the server was away or gave no usable answer), none (the run failed)',
      unit: 'none',
      advice: 'When local or none grows, the inference server was away or gave wrong answers; the log says which.',
      labels: ['by'],
    }),
    seconds: telemetry.seconds({
      name: 'alpr_inference_server_seconds',
      help: 'Time from a request to the inference server’s answer, including the wait for other requests',
      unit: 'seconds',
      advice: 'When it rises, the server is overloaded or the network to it is slow.',
      labels: ['model'],
    }),
  };
}
