import { useCell } from '../data/cell.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { DayChart } from './day-chart.tsx';

/** The figures of the last 24 hours above the wall. */
export function Totals() {
  const stats = useCell(useServices().feed.stats);
  const { t, number, percent } = useWords();
  const rate = stats?.read_rate_24h;
  return (
    <section class="totals" aria-label={t.live.day}>
      <dl>
        <Total label={t.live.readsInDay} value={stats && number(stats.events_24h)} />
        <Total label={t.live.uniquePlates} value={stats && number(stats.unique_plates_24h)} />
        <Total
          label={t.live.readRate}
          hint={t.live.readRateMeans}
          value={stats && (rate === null || rate === undefined ? '–' : percent(rate))}
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
