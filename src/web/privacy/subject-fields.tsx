import type { Subject } from '../../contract/api/privacy.ts';
import { normalizePlate } from '../../contract/plate-text.ts';
import { Field, TextInput } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';

/** Whose data is meant, as it is typed: a plate or the id of one event. */
export type TypedSubject = Readonly<{ kind: 'plate' | 'event'; text: string }>;

/** What was typed, as the API takes it. */
export function toSubject({ kind, text }: TypedSubject): Subject {
  return kind === 'plate' ? { plate: normalizePlate(text) } : { event: text.trim().toLowerCase() };
}

type SubjectOptions = Readonly<{ subject: TypedSubject; onSubject: (subject: TypedSubject) => void; name: string }>;

/** Asks for a plate or an event; `name` keeps several of these apart. */
export function SubjectFields({ subject, onSubject, name }: SubjectOptions) {
  const { t } = useWords();
  return (
    <>
      <fieldset>
        <legend>{t.privacy.subject}</legend>
        {(['plate', 'event'] as const).map((kind) => (
          <label key={kind} class="choice">
            <input
              type="radio"
              name={name}
              checked={subject.kind === kind}
              onChange={() => onSubject({ ...subject, kind })}
            />
            {t.privacy.subjects[kind]}
          </label>
        ))}
      </fieldset>
      <Field name={subject.kind === 'plate' ? t.privacy.plate : t.privacy.eventId}>
        {(ids) => (
          <TextInput
            {...ids}
            value={subject.text}
            onValue={(text) => onSubject({ ...subject, text })}
            autocomplete="off"
            maxLength={64}
            required
          />
        )}
      </Field>
    </>
  );
}
