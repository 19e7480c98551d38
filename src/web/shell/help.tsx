import { KEYS, REVIEW_KEYS } from '../keyboard.ts';
import { Dialog } from '../parts/dialog.tsx';
import type { ScreenName } from '../screens.ts';
import { useWords } from '../speech.tsx';

/** The list of keys in a dialog; on the review its own come first. */
export function Help({ screen, onClose }: { screen: ScreenName; onClose: () => void }) {
  const { t } = useWords();
  return (
    <Dialog title={t.frame.keys} onClose={onClose} closeKey="?">
      {screen === 'review' && (
        <>
          <dl class="help">
            {REVIEW_KEYS.map(({ key, does }) => (
              <Key key={key} keys={[key]} means={t.review[does]} />
            ))}
          </dl>
          <p>{t.review.keys}</p>
        </>
      )}
      <dl class="help">
        {KEYS.map(({ keys, does }) => (
          <Key key={does} keys={keys} means={t.frame.keyDoes[does]} />
        ))}
      </dl>
    </Dialog>
  );
}

function Key({ keys, means }: { keys: readonly string[]; means: string }) {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{means}</dd>
    </div>
  );
}
