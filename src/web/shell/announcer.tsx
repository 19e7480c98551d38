import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../data/cell.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';

/** At most one sentence in this time, so that a busy road does not talk endlessly, milliseconds. */
const PAUSE_MS = 4_000;

/** Announces new reads to screen readers, politely; after a pause only the newest. */
export function Announcer() {
  const arrived = useCell(useServices().feed.arrived);
  const { t, percent } = useWords();
  const [told, setTold] = useState({ text: '', at: 0 });
  useEffect(() => {
    if (arrived === undefined) return;
    const { plate, camera_name, camera_id } = arrived;
    const spelled = [...plate.text_normalized].join(' ');
    const text = t.frame.newRead(spelled, percent(plate.confidence), camera_name || camera_id);
    const wait = Math.max(0, told.at + PAUSE_MS - Date.now());
    const timer = setTimeout(() => setTold({ text, at: Date.now() }), wait);
    return () => clearTimeout(timer);
  }, [arrived]);
  return (
    <p class="spoken" aria-live="polite">
      {told.text}
    </p>
  );
}
