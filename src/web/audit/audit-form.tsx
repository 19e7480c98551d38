import { useState } from 'preact/hooks';
import { Field, TextInput } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';
import type { AuditFilter } from './audit-client.ts';

type FormOptions = Readonly<{
  filter: AuditFilter;
  /** False where only the times count. */
  isWhole: boolean;
  onFilter: (filter: AuditFilter) => void;
}>;

/** Which entries are shown. A search in the log stands in the log, so nothing is asked while somebody types. */
export function AuditForm({ filter, isWhole, onFilter }: FormOptions) {
  const { t } = useWords();
  const [draft, setDraft] = useState(filter);
  const set = (name: keyof AuditFilter) => (value: string) => setDraft({ ...draft, [name]: value });
  const texts = {
    person: t.audit.person,
    plate: t.audit.plate,
    purpose: t.purpose.purpose,
    case: t.purpose.caseNumber,
  };
  return (
    <form
      class="form audit-form panel"
      onSubmit={(event) => {
        event.preventDefault();
        onFilter(draft);
      }}
    >
      {isWhole && (
        <>
          {(Object.keys(texts) as (keyof typeof texts)[]).map((name) => (
            <Field key={name} name={texts[name]}>
              {(field) => <TextInput {...field} value={draft[name] ?? ''} onValue={set(name)} maxLength={64} />}
            </Field>
          ))}
          <Field name={t.audit.action}>
            {(field) => (
              <select
                {...field}
                value={draft.action ?? ''}
                onChange={(event) => set('action')(event.currentTarget.value)}
              >
                <option value="">{t.search.all}</option>
                {Object.entries(t.audit.actions).map(([action, name]) => (
                  <option key={action} value={action}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </>
      )}
      {(['from', 'to'] as const).map((name) => (
        <Field key={name} name={t.search[name]}>
          {(field) => (
            <input
              {...field}
              type="datetime-local"
              value={draft[name] ?? ''}
              onInput={(event) => set(name)(event.currentTarget.value)}
            />
          )}
        </Field>
      ))}
      <button type="submit" class="button button-main">
        {t.audit.show}
      </button>
    </form>
  );
}
