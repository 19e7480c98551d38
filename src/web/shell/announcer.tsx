import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../data/cell.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { useNewAlert } from './new-alert.ts';

/** At most one sentence in this time, so that a busy road does not talk endlessly, milliseconds. */
const PAUSE_MS = 4_000;

/** Announces new reads and alerts to screen readers, politely; after a pause only the newest. */
export function Announcer() {
  const arrived = useCell(useServices().feed.arrived);
  const alert = useNewAlert();
  const { t, likelihoodInWords } = useWords();
  const spell = (plate: string) => [...plate].join(' ');
  return (
    <div class="spoken" aria-live="polite">
      <Polite about={arrived}>
        {({ plate, camera_name, camera_id }) =>
          t.frame.newRead(spell(plate.text_normalized), likelihoodInWords(plate.confidence), camera_name || camera_id)
        }
      </Polite>
      <Polite about={alert}>
        {({ rule, passage }) =>
          t.alerts.newAlert(t.alerts.severities[rule.severity], rule.name, spell(passage?.plate ?? ''))
        }
      </Polite>
    </div>
  );
}

function Polite<T>({ about, children }: { about: T | undefined; children: (about: T) => string }) {
  const [told, setTold] = useState({ text: '', at: 0 });
  useEffect(() => {
    if (about === undefined) return;
    const text = children(about);
    const wait = Math.max(0, told.at + PAUSE_MS - Date.now());
    const timer = setTimeout(() => setTold({ text, at: Date.now() }), wait);
    return () => clearTimeout(timer);
  }, [about]);
  return told.text === '' ? null : <p>{told.text}</p>;
}
