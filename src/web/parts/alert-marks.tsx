import { useEffect } from 'preact/hooks';
import { useCell } from '../data/cell.ts';
import type { EventAlert } from '../data/event-alerts.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { Icon } from './icon.tsx';

/** A row has room for so many. */
const SHOWN = 3;

/** The alerts of an event that is shown, kept up to date. */
export function useAlertsOf(id: string): readonly EventAlert[] {
  const { feed, may } = useServices();
  const seesAlerts = may('events:read');
  useEffect(() => {
    if (seesAlerts) feed.alerts.want(id);
  }, [id, seesAlerts]);
  return useCell(feed.alerts.of(id));
}

/** Marks a read that rules matched, each with its name and severity; a withdrawn alert is struck through. */
export function AlertMarks({ id }: { id: string }) {
  const { t, number } = useWords();
  const alerts = useAlertsOf(id);
  if (alerts.length === 0) return null;
  return (
    <span class="marks">
      {alerts.slice(0, SHOWN).map(({ alert_id, rule, severity, status, entry }) => (
        <span
          key={alert_id}
          class={`chip chip-${severity} mark ${status === 'withdrawn' ? 'mark-withdrawn' : ''}`}
          title={entry ?? undefined}
        >
          <Icon name="bell" /> <span class="mark-rule">{rule}</span>{' '}
          <span class="mark-severity">{t.alerts.severities[severity]}</span>
          {status === 'withdrawn' && <span class="spoken">{t.alerts.statuses.withdrawn}</span>}
        </span>
      ))}
      {alerts.length > SHOWN && <span class="quiet">+{number(alerts.length - SHOWN)}</span>}
    </span>
  );
}
