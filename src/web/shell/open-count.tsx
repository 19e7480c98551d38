import { useCell } from '../data/cell.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';

/** How many alerts are open, beside the bell; nothing where none is. */
export function OpenCount() {
  const { t, number } = useWords();
  const { ids, hasMore } = useCell(useServices().feed.openAlerts.counted);
  if (ids.size === 0) return null;
  const count = `${number(ids.size)}${hasMore ? '+' : ''}`;
  return (
    <span class="open-count">
      <span class="spoken">{t.alerts.openCount(count)}</span>
      <span aria-hidden="true">{count}</span>
    </span>
  );
}
