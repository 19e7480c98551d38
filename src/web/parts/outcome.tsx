import './outcome.css';
import type { Delivery } from '../../contract/api/deliveries.ts';
import { useWords } from '../speech.tsx';

/** What became of a message that somebody has just sent; undefined is not known yet. */
export function Outcome({ delivery }: { delivery: Delivery | undefined }) {
  const { t } = useWords();
  const { state = 'waiting', recipient = null, answer = null } = delivery ?? {};
  const tone = { waiting: '', sent: 'outcome-good', dead: 'outcome-bad', dropped: 'outcome-bad' }[state];
  return (
    <p class={`outcome ${tone}`} role="status">
      {t.channels.states[state]}
      {recipient !== null && ` · ${t.channels.to(recipient)}`}
      {answer !== null && ` · ${answer}`}
    </p>
  );
}
