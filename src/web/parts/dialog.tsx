import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useWords } from '../speech.tsx';
import { Icon } from './icon.tsx';

type DialogOptions = Readonly<{
  title: string;
  onClose: () => void;
  /** A key that closes it, besides Esc. */
  closeKey?: string;
  children: ComponentChildren;
}>;

/** A dialog over the page; Esc or a click outside closes it. */
export function Dialog({ title, onClose, closeKey, children }: DialogOptions) {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && close()}
      onKeyDown={(event) => event.key === closeKey && close()}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="round" aria-label={t.frame.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
