import { useId } from 'preact/hooks';
import { explainError } from '../data/explain-error.ts';
import { useWords } from '../speech.tsx';

type YamlOptions = Readonly<{ text: string; isFixed: boolean; error: unknown; onText: (text: string) => void }>;

/** The rule as YAML; what does not fit is told below, and its lines are marked. */
export function YamlPane({ text, isFixed, error, onText }: YamlOptions) {
  const words = useWords();
  const id = useId();
  const lines = text.replace(/\n$/, '').split('\n').length;
  const told = error === undefined ? '' : explainError(error, words).message;
  const faulty = new Set([...told.matchAll(/\bline (\d+)/gi)].map(([, line]) => Number(line)));
  return (
    <>
      <div class="rule-yaml">
        <ol aria-hidden="true">
          {Array.from({ length: lines }, (_, index) => (
            <li key={index} class={faulty.has(index + 1) ? 'rule-fault' : ''}>
              {index + 1}
            </li>
          ))}
        </ol>
        <textarea
          aria-label={words.t.rules.yaml}
          aria-describedby={id}
          aria-invalid={error !== undefined}
          spellcheck={false}
          rows={Math.max(lines + 1, 8)}
          readOnly={isFixed}
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      </div>
      <p id={id} class={error === undefined ? 'quiet' : 'rule-error'} role="status">
        {told || words.t.rules.fits}
      </p>
    </>
  );
}
