import type { ComponentChildren, TargetedInputEvent } from 'preact';
import { useId, useState } from 'preact/hooks';
import { useWords } from '../speech.tsx';
import { Problem } from './notice.tsx';

/** What joins a control to its name and its explanation. */
export type FieldIds = Readonly<{ id: string; 'aria-describedby': string | undefined }>;

type FieldOptions = Readonly<{
  name: string;
  hint?: string | undefined;
  children: (ids: FieldIds) => ComponentChildren;
}>;

/** A named control; what explains it stands below. */
export function Field({ name, hint, children }: FieldOptions) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div class="form-field">
      <label class="form-name" htmlFor={id}>
        {name}
      </label>
      {children({ id, 'aria-describedby': hint && hintId })}
      {hint && (
        <span class="form-hint" id={hintId}>
          {hint}
        </span>
      )}
    </div>
  );
}

/** Something that takes a while and may fail. */
export type Action = Readonly<{ busy: boolean; error: unknown; run: () => void }>;

/** Runs `work` when asked, once at a time, and remembers why it failed. */
export function useAction(work: () => Promise<unknown>): Action {
  const [state, setState] = useState<Readonly<{ busy: boolean; error?: unknown }>>({ busy: false });
  const run = () => {
    if (state.busy) return;
    setState({ busy: true });
    work().then(
      () => setState({ busy: false }),
      (error: unknown) => setState({ busy: false, error }),
    );
  };
  return { error: undefined, ...state, run };
}

type FormOptions = Readonly<{
  action: Action;
  submit: string;
  children: ComponentChildren;
  /** Whether the form itself says what an error is about. */
  explain?: (error: unknown) => boolean;
  /** False while something is missing that the browser does not see. */
  isReady?: boolean;
  /** Leaves without sending. */
  onCancel?: () => void;
}>;

/** Fields and the button that sends them; Enter sends them too, and an error is told below. */
export function Form({ action, submit, children, explain, isReady = true, onCancel }: FormOptions) {
  const { t } = useWords();
  const isTold = action.error !== undefined && !explain?.(action.error);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        action.run();
      }}
    >
      {children}
      {isTold && <Problem error={action.error} />}
      <div class="form-end">
        <button type="submit" class="button button-main" disabled={action.busy || !isReady}>
          {submit}
        </button>
        {onCancel && (
          <button type="button" class="button" onClick={onCancel}>
            {t.frame.cancel}
          </button>
        )}
      </div>
    </form>
  );
}

/** A text field whose value is held by the component around it. */
export function TextInput(
  props: Readonly<{
    id?: string;
    'aria-describedby'?: string | undefined;
    value: string;
    onValue: (value: string) => void;
    type?: 'text' | 'password';
    autocomplete?: string;
    required?: boolean;
    disabled?: boolean;
    minLength?: number | undefined;
    maxLength?: number;
    pattern?: string | undefined;
    inputMode?: 'numeric' | 'text';
    /** Takes the focus when it appears. */
    focused?: boolean;
  }>,
) {
  const { onValue, focused = false, type = 'text', ...rest } = props;
  const shared = {
    ...rest,
    ref: (input: HTMLInputElement | null) =>
      void (focused && document.activeElement === document.body && input?.focus()),
    spellcheck: false,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onValue(event.currentTarget.value),
  };
  return type === 'password' ? <input {...shared} type="password" /> : <input {...shared} type="text" />;
}
