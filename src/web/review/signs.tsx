import { useLayoutEffect, useRef } from 'preact/hooks';
import { showChar } from '../parts/plate-chars.ts';
import { useWords } from '../speech.tsx';
import { gradeConfidence } from '../words.ts';
import type { Draft, DraftSign } from './draft.ts';

type SignsOptions = Readonly<{ draft: Draft; onAt: (at: number) => void; onChoose: (option: number) => void }>;

/** The characters of the draft; under them what the chosen one may be, each with its key. */
export function Signs({ draft, onAt, onChoose }: SignsOptions) {
  const { t, likelihood, number } = useWords();
  const { signs, at } = draft;
  const options = signs[at]?.options ?? [];
  return (
    <div class="signs">
      <ol class="sign-row">
        {signs.map((sign, index) => (
          <li key={index}>
            <button
              type="button"
              class={`sign-tile ${gradeSign(sign)}`}
              aria-pressed={index === at}
              aria-label={t.review.character(number(index + 1), showChar(sign.c))}
              onClick={() => onAt(index)}
            >
              {showChar(sign.c)}
            </button>
          </li>
        ))}
      </ol>
      <fieldset class="options">
        <legend class="spoken">{t.review.alternatives}</legend>
        {options.map(({ c, p }, index) => (
          <button
            key={c}
            type="button"
            class="option"
            aria-pressed={signs[at]?.c === c}
            onClick={() => onChoose(index)}
          >
            <kbd>{index + 1}</kbd> <b>{showChar(c)}</b> {likelihood(p)}
          </button>
        ))}
        {options.length < 2 && <p class="quiet">{t.review.noAlternatives}</p>}
      </fieldset>
      <p class="quiet by-keys">{t.review.keys}</p>
    </div>
  );
}

/** A sign that a person has changed is marked apart from those that the machine doubts. */
function gradeSign({ c, options: [chosen] }: DraftSign): string {
  if (chosen === undefined || chosen.c !== c) return 'sign-changed';
  return `sign-${gradeConfidence(chosen.p)}`;
}

type TextBoxOptions = Readonly<{
  draft: Draft;
  onText: (text: string) => void;
  onSave: () => void;
}>;

/** The text to type in; what is typed first replaces all of it. */
export function TextBox({ draft, onText, onSave }: TextBoxOptions) {
  const { t } = useWords();
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, []);
  return (
    <form
      class="type-text"
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <input
        ref={box}
        class="search-box"
        aria-label={t.review.text}
        defaultValue={draft.signs.map(({ c }) => c).join('')}
        maxLength={24}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        enterKeyHint="done"
        onInput={(event) => onText(event.currentTarget.value)}
      />
    </form>
  );
}
