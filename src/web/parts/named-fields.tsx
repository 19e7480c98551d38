import { useWords } from '../speech.tsx';
import { toId } from '../to-id.ts';
import { Field, TextInput } from './form.tsx';

type NamedOptions = Readonly<{
  name: string;
  maxLength: number;
  onName: (name: string) => void;
  /** Undefined for what has its id already. */
  id: string | undefined;
  onId: (id: string) => void;
}>;

/** The name of something and, while it is new, the id that follows from it unless somebody writes another. */
export function NamedFields({ name, maxLength, onName, id, onId }: NamedOptions) {
  const { t } = useWords();
  const take = (text: string) => {
    onName(text);
    if (id !== undefined) onId(toId(text));
  };
  return (
    <>
      <Field name={t.lists.name}>
        {(field) => <TextInput {...field} value={name} onValue={take} maxLength={maxLength} required />}
      </Field>
      {id !== undefined && (
        <Field name={t.lists.id} hint={t.lists.idHint}>
          {(field) => (
            <TextInput {...field} value={id} onValue={onId} pattern="[a-z0-9][a-z0-9_\-]*" maxLength={63} required />
          )}
        </Field>
      )}
    </>
  );
}
