import { useCell } from '../data/cell.ts';
import { useServices } from '../services.ts';
import { formatCount, formatPercent } from '../words.ts';
import { DayChart } from './day-chart.tsx';

/** The figures of the last 24 hours above the wall. */
export function Totals() {
  const stats = useCell(useServices().feed.stats);
  const rate = stats?.read_rate_24h;
  return (
    <section class="totals" aria-label="The last 24 hours">
      <dl>
        <Total label="Reads in 24 h" value={stats && formatCount(stats.events_24h)} />
        <Total label="Unique plates" value={stats && formatCount(stats.unique_plates_24h)} />
        <Total
          label="Read rate in 24 h"
          hint="Passages that ended with a text, among all passages seen"
          value={stats && (rate === null || rate === undefined ? '–' : formatPercent(rate))}
        />
      </dl>
      <DayChart hours={stats?.per_hour ?? []} />
    </section>
  );
}

function Total({ label, value, hint }: { label: string; value: string | undefined; hint?: string }) {
  return (
    <div class="total" title={hint}>
      <dt>{label}</dt>
      <dd>{value ?? <span class="skeleton skeleton-number" />}</dd>
    </div>
  );
}
