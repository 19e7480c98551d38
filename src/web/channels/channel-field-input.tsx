import { Field, TextInput } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';
import { nameIn, wordFor } from '../words.ts';
import type { ChannelField } from './channel-fields.ts';

type InputOptions = Readonly<{
  field: ChannelField;
  value: string | boolean | null | undefined;
  /** Whether there is a secret that stays when nothing is given. */
  isKept: boolean;
  onValue: (value: string | boolean | null) => void;
}>;

/** The control of one field, by what it holds. */
export function ChannelFieldInput({ field, value: given, isKept, onValue }: InputOptions) {
  const { t } = useWords();
  const { as, name, required = false, standard } = field;
  const label = wordFor(t.channels.fields, name);
  const isRemoved = given === null;
  const value = given ?? '';
  if (typeof value === 'boolean') {
    return (
      <label class="choice">
        <input type="checkbox" checked={value} onChange={(event) => onValue(event.currentTarget.checked)} /> {label}
      </label>
    );
  }
  const hint = isKept ? t.channels.kept : (nameIn(t.channels.hints, name) ?? hintOf(field, t));
  return (
    <Field name={label} hint={hint}>
      {(ids) => {
        if (as === 'area' || as === 'pairs') {
          return <textarea {...ids} rows={3} value={value} onInput={(event) => onValue(event.currentTarget.value)} />;
        }
        if (as === 'secret') {
          return (
            <>
              <TextInput
                {...{ ...ids, value, onValue, type: 'password', autocomplete: 'new-password', disabled: isRemoved }}
              />
              {isKept && (
                <label class="choice">
                  <input
                    type="checkbox"
                    checked={isRemoved}
                    onChange={(event) => onValue(event.currentTarget.checked ? null : '')}
                  />{' '}
                  {t.channels.forget(label)}
                </label>
              )}
            </>
          );
        }
        if (as === 'number') {
          return (
            <input
              {...ids}
              type="number"
              placeholder={String(standard ?? '')}
              value={value}
              onInput={(event) => onValue(event.currentTarget.value)}
            />
          );
        }
        if (as === 'text' || as === 'list') {
          return <TextInput {...ids} value={value} onValue={onValue} autocomplete="off" required={required} />;
        }
        return (
          <select {...ids} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
            {typeof as === 'object' &&
              as.map((one) => (
                <option key={one} value={one}>
                  {wordFor(t.channels.choices, one)}
                </option>
              ))}
          </select>
        );
      }}
    </Field>
  );
}

function hintOf({ as }: ChannelField, t: ReturnType<typeof useWords>['t']): string | undefined {
  if (as === 'list') return t.lists.tagsHint;
  return as === 'pairs' ? t.channels.pairsHint : undefined;
}
