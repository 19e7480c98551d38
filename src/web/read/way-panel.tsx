import { useState } from 'preact/hooks';
import { EventWayList } from '../parts/event-way.tsx';
import { useWords } from '../speech.tsx';

/** The way of the open event, fetched when somebody wants to see it. */
export function WayPanel({ id, revision }: { id: string; revision: number }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <details class="panel way-panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{t.way.title}</h2>
      </summary>
      {open && <EventWayList id={id} revision={revision} />}
    </details>
  );
}
