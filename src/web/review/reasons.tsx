import { useState } from 'preact/hooks';
import type { Messages } from '../languages/messages.ts';
import { useWords } from '../speech.tsx';

/** Decisions that need a reason. */
type Kind = keyof Messages['review']['reasons'];

/** Why a person decides: one of a list, or a text of their own. */
export type Reason = Readonly<{
  text: string;
  listed: readonly string[];
  own: string;
  set: (text: string) => void;
  write: (text: string) => void;
}>;

/** Begins with the first reason of the list. */
export function useReason(kind: Kind): Reason {
  const { t } = useWords();
  const listed = Object.values(t.review.reasons[kind]);
  const [chosen, setChosen] = useState(listed[0] ?? '');
  const [own, setOwn] = useState('');
  return { text: own.trim() || chosen, listed, own, set: setChosen, write: setOwn };
}

/** The list of reasons and a field for another one; with `onPick` each reason has its key, and is a button. */
export function Reasons({ reason, onPick }: { reason: Reason; onPick?: (text: string) => void }) {
  const { t } = useWords();
  const { listed, own, text } = reason;
  return (
    <fieldset class="review-reasons">
      <legend>{t.review.reason}</legend>
      {listed.map((one, index) =>
        onPick ? (
          <button key={one} type="button" class="button" onClick={() => onPick(one)}>
            <kbd>{index + 1}</kbd> {one}
          </button>
        ) : (
          <label key={one} class="review-choice">
            <input type="radio" name="reason" checked={own === '' && text === one} onChange={() => reason.set(one)} />
            <span>{one}</span>
          </label>
        ),
      )}
      <input
        class="text-field"
        aria-label={t.review.otherReason}
        placeholder={t.review.otherReason}
        maxLength={500}
        value={own}
        onInput={(event) => reason.write(event.currentTarget.value)}
      />
    </fieldset>
  );
}
