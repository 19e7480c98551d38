import { useEffect, useRef } from 'preact/hooks';
import { KEYS } from '../keyboard.ts';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../speech.tsx';

/** The list of keys in a dialog; Esc or a click outside closes it. */
export function Help({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      onKeyDown={(event) => event.key === '?' && dialog.current?.close()}
    >
      <header>
        <h2 id="help-title">{t.frame.keys}</h2>
        <button type="button" class="round" aria-label={t.frame.close} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <dl>
        {KEYS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t.frame.keyDoes[does]}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
