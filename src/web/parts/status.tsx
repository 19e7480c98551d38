import type { PlateEvent } from '../../contract/plate-event.ts';
import { useWords } from '../speech.tsx';

/** The status of an event. */
export function Status({ status }: { status: PlateEvent['status'] }) {
  const { t } = useWords();
  return (
    <span class={`status status-${status}`} title={t.frame.statusMeans[status]}>
      <span class="dot" />
      {t.frame.statuses[status]}
    </span>
  );
}
