import { useEffect, useState } from 'preact/hooks';
import { useWords } from '../speech.tsx';

/** So long it is held, and so long a first Enter counts, milliseconds. */
const HOLD_MS = 1000;
const ARMED_MS = 3000;

/** A button that nobody presses by accident: it is held for a second, or pressed twice by keyboard. */
export function HoldButton({ isBusy, onHeld }: { isBusy: boolean; onHeld: () => void }) {
  const { t } = useWords();
  const [state, setState] = useState<'rest' | 'held' | 'armed'>('rest');
  useEffect(() => {
    if (state === 'rest') return;
    const finish = () => {
      setState('rest');
      if (state === 'held') onHeld();
    };
    const timer = setTimeout(finish, state === 'held' ? HOLD_MS : ARMED_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const letGo = () => setState((now) => (now === 'held' ? 'rest' : now));
  return (
    <button
      type="button"
      class={`gate-button gate-button-${state}`}
      aria-describedby="gate-how"
      disabled={isBusy}
      onPointerDown={(event) => event.isPrimary && event.button === 0 && setState('held')}
      onPointerUp={letGo}
      onPointerLeave={letGo}
      onPointerCancel={letGo}
      onContextMenu={(event) => event.preventDefault()}
      // A key that is held down presses once.
      onKeyDown={(event) => event.repeat && event.preventDefault()}
      onClick={(event) => {
        // A finger or a mouse has to hold; without one, a screen reader or a key presses.
        if (event.detail !== 0) return;
        if (state !== 'armed') return setState('armed');
        setState('rest');
        onHeld();
      }}
    >
      <span class="gate-button-name">{t.gate.open}</span>
      <span id="gate-how" class="gate-button-how" role="status">
        {state === 'armed' ? t.gate.again : t.gate.hold}
      </span>
    </button>
  );
}
