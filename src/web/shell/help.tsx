import { KEYS } from '../keyboard.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useWords } from '../speech.tsx';

/** The list of keys in a dialog. */
export function Help({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  return (
    <Dialog title={t.frame.keys} onClose={onClose} closeKey="?">
      <dl class="help">
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
    </Dialog>
  );
}
