import { useWords } from '../speech.tsx';
import type { Desk } from './desk.ts';
import { Panel } from './panel.tsx';
import { Reasons, useReason } from './reasons.tsx';

/** Asks why a read is none: a digit chooses a reason and rejects, Enter takes the first or what was typed. */
export function Reject({ desk, onLeave }: { desk: Desk; onLeave: () => void }) {
  const { t } = useWords();
  const reason = useReason('reject');
  const reject = (why: string) => desk.decide({ action: 'reject', reason: why });
  const pick = (index: number) => {
    const why = reason.listed[index];
    if (why !== undefined) reject(why);
  };
  return (
    <Panel title={t.review.rejectIt} onSubmit={() => reject(reason.text)} onDigit={pick} onLeave={onLeave}>
      <Reasons reason={reason} onPick={reject} />
      <button type="submit" class="button button-main button-tall">
        {t.review.reject} <kbd>↵</kbd>
      </button>
    </Panel>
  );
}
