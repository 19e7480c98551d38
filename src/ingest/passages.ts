import { type Arrival, Undecodable } from '../bus/bus.ts';
import type { MetricsReport } from '../contract/metrics-report.ts';
import { isPlausible } from '../contract/plausible-time.ts';
import type { Sql } from '../db/sql.ts';
import { keepPassages, type PassageReport } from '../store/passage-counts.ts';

/** The consumer group that keeps the counts of passages. */
export const PASSAGES_GROUP = 'passages';

/** The counter of src/edge/metrics.ts that says what became of passages. */
const COUNTER = 'alpr_passages_total';

/** Keeps what processes with cameras report of their passages. Rejects while the database is away, so that it comes again. */
export async function takePassages(sql: Sql, batch: readonly Arrival<MetricsReport>[]): Promise<void> {
  for (const arrival of batch) {
    const report = arrival.read();
    if (report instanceof Undecodable || !isPlausible(report.at, Date.now())) continue;
    await keepPassages(sql, readPassages(report));
  }
}

function readPassages({ site_id, service, instance, started_at = '', at, values }: MetricsReport): PassageReport {
  return {
    siteId: site_id,
    run: `${service}/${instance}/${started_at}`,
    at: new Date(at),
    counts: values
      .filter(({ name }) => name === COUNTER)
      .map(({ labels: { camera = '', outcome = '', reason = '', light = '' }, value }) => ({
        camera,
        outcome,
        reason,
        light,
        total: value,
      })),
  };
}
