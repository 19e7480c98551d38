import type { MetricsReport } from '../../src/contract/metrics-report.ts';

type Passages = Readonly<{ camera?: string; read: number; lost?: number; reason?: string }>;

/** What an edge reports of its passages since `startedAt`. */
export function makeReport(
  passages: readonly Passages[],
  { at, startedAt, instance = 'gate-7' }: Readonly<{ at: number; startedAt: number; instance?: string }>,
): MetricsReport {
  const count = (camera: string, outcome: string, reason: string, value: number) => ({
    name: 'alpr_passages_total',
    help: '',
    labels: { camera, outcome, reason },
    value,
  });
  return {
    schema_version: 1,
    site_id: 'home',
    service: 'edge',
    instance,
    started_at: new Date(startedAt).toISOString(),
    at: new Date(at).toISOString(),
    every_s: 15,
    values: passages.flatMap(({ camera = 'north', read, lost = 0, reason = 'blur' }) => [
      count(camera, 'read', '', read),
      count(camera, 'lost', reason, lost),
    ]),
  };
}
