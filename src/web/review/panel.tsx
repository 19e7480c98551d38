import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useWords } from '../speech.tsx';

type PanelOptions = Readonly<{
  title: string;
  onSubmit: () => void;
  /** A digit key, from 0 for the first. */
  onDigit: (index: number) => void;
  onLeave: () => void;
  children: ComponentChildren;
}>;

/** What a decision still needs to know; it has the keys while it is open. */
export function Panel({ title, onSubmit, onDigit, onLeave, children }: PanelOptions) {
  const { t } = useWords();
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.focus(), []);
  const press = (event: KeyboardEvent) => {
    const isField = event.target instanceof HTMLInputElement && event.target.type !== 'radio';
    if (isField || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[1-9]$/.test(event.key)) onDigit(Number(event.key) - 1);
    else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) onSubmit();
    else return;
    event.preventDefault();
  };
  return (
    <form
      ref={form}
      class="panel review-panel"
      tabIndex={-1}
      aria-label={title}
      onKeyDown={press}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <h2>
        {title}
        <button type="button" class="button" onClick={onLeave}>
          {t.frame.cancel} <kbd>Esc</kbd>
        </button>
      </h2>
      {children}
    </form>
  );
}
