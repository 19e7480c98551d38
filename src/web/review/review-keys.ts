import { useLayoutEffect, useRef } from 'preact/hooks';

/** What the person is about to do: look, type the text, reject or merge. */
export type Mode = 'look' | 'type' | 'reject' | 'merge';

type ReviewActions = Readonly<
  Partial<{
    save: () => void;
    type: () => void;
    reject: () => void;
    merge: () => void;
    skip: () => void;
    goBack: () => void;
    leave: () => void;
    move: (by: 1 | -1) => void;
    choose: (option: number) => void;
  }>
>;

/**
 * The keys of a review while the person looks at a read, or at an empty desk, which can do less. They come before those of the page, which leaves alone what was
 * taken here. A panel that is open has its own keys; only Esc closes it from here.
 */
export function useReviewKeys(mode: Mode, actions: ReviewActions): void {
  const latest = useRef({ mode, actions });
  latest.current = { mode, actions };
  // Before the read is painted: a key that comes right after must not be lost.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      const target = event.target instanceof HTMLElement ? event.target : document.body;
      const act = findAction(event.key, { ...latest.current, target });
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, []);
}

type Given = Readonly<{ mode: Mode; actions: ReviewActions; target: HTMLElement }>;

function findAction(key: string, { mode, actions, target }: Given): (() => void) | undefined {
  if (key === 'Escape' && mode !== 'look') return actions.leave;
  // Fields and radio buttons need their letters and arrows, and a button that has the focus its Enter.
  if (mode !== 'look' || target.matches('input, select, textarea')) return undefined;
  if (key === 'Enter') return target.closest('button, a') ? undefined : actions.save;
  if (key === 'ArrowLeft' || key === 'ArrowRight') return () => actions.move?.(key === 'ArrowLeft' ? -1 : 1);
  if (/^[1-9]$/.test(key)) return () => actions.choose?.(Number(key) - 1);
  return LETTERS[key.toLowerCase()]?.(actions);
}

const LETTERS: Readonly<Record<string, (actions: ReviewActions) => (() => void) | undefined>> = {
  c: ({ type }) => type,
  x: ({ reject }) => reject,
  m: ({ merge }) => merge,
  s: ({ skip }) => skip,
  u: ({ goBack }) => goBack,
};
