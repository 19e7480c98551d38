import { useState } from 'preact/hooks';
import type { PurposeState } from '../../contract/api/audit.ts';
import { useAnswer } from '../data/answer.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { fetchPurpose, sayPurpose } from './purpose-client.ts';

/** Asks why somebody looks, where that must be said; `onSaid` when the page may ask again for what was refused. */
export function PurposeDialog({ onSaid, onClose }: { onSaid: () => void; onClose: () => void }) {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('purpose', fetchPurpose);
  return (
    <Dialog title={t.purpose.title} onClose={onClose}>
      <p class="quiet dialog-text">{t.purpose.why}</p>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={2} />}
      {value !== undefined && <PurposeForm state={value} onSaid={onSaid} />}
    </Dialog>
  );
}

function PurposeForm({ state, onSaid }: { state: PurposeState; onSaid: () => void }) {
  const { t } = useWords();
  const [purpose, setPurpose] = useState(state.current?.purpose ?? '');
  const [caseNumber, setCaseNumber] = useState(state.current?.case_number ?? '');
  const action = useAction(async () => {
    await sayPurpose({ purpose, case_number: caseNumber.trim() === '' ? null : caseNumber.trim() });
    onSaid();
  });
  return (
    <Form action={action} submit={t.purpose.say}>
      <Field name={t.purpose.purpose}>
        {(field) =>
          state.purposes.length === 0 ? (
            <TextInput {...field} value={purpose} onValue={setPurpose} maxLength={64} required />
          ) : (
            <select {...field} value={purpose} required onChange={(event) => setPurpose(event.currentTarget.value)}>
              <option value="" disabled />
              {state.purposes.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )
        }
      </Field>
      <Field name={state.case_number_required ? t.purpose.caseNumber : t.purpose.caseNumberIfAny}>
        {(field) => (
          <TextInput
            {...field}
            value={caseNumber}
            onValue={setCaseNumber}
            maxLength={64}
            pattern={state.case_number ?? undefined}
            required={state.case_number_required}
          />
        )}
      </Field>
    </Form>
  );
}
