import { useState } from 'preact/hooks';
import type { PlateList } from '../../contract/api/lists.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { NamedFields } from '../parts/named-fields.tsx';
import { useWords } from '../speech.tsx';
import { removeList, writeList } from './lists-client.ts';

/** Makes a list, or changes what it is called. */
export function ListDialog({ list, onClose }: { list?: PlateList; onClose: () => void }) {
  const { t } = useWords();
  const [id, setId] = useState(list?.id ?? '');
  const [name, setName] = useState(list?.name ?? '');
  const [note, setNote] = useState(list?.note ?? '');
  const [colour, setColour] = useState(list?.colour ?? '');
  const action = useAction(async () => {
    await writeList(id, { name: name.trim(), note: note.trim(), colour });
    onClose();
  });
  return (
    <Dialog title={list ? t.lists.changeOf(list.name) : t.lists.create} onClose={onClose}>
      <Form action={action} submit={t.lists.save}>
        <NamedFields name={name} maxLength={64} onName={setName} id={list ? undefined : id} onId={setId} />
        <Field name={t.lists.note}>
          {(field) => <TextInput {...field} value={note} onValue={setNote} maxLength={2000} />}
        </Field>
        <ColourField colour={colour} onColour={setColour} />
      </Form>
    </Dialog>
  );
}

/** A colour, or none. */
export function ColourField({ colour, onColour }: { colour: string; onColour: (colour: string) => void }) {
  const { t } = useWords();
  return (
    <Field name={t.lists.colour}>
      {(field) => (
        <span class="colour-field">
          <input
            {...field}
            type="color"
            value={colour === '' ? '#808080' : colour}
            onInput={(event) => onColour(event.currentTarget.value)}
          />
          {colour !== '' && (
            <button type="button" class="button" onClick={() => onColour('')}>
              {t.frame.none}
            </button>
          )}
        </span>
      )}
    </Field>
  );
}

/** Deletes a list once somebody has read what follows. */
export function RemoveListDialog({ list, onClose }: { list: PlateList; onClose: () => void }) {
  const { t } = useWords();
  const action = useAction(async () => {
    await removeList(list.id);
    location.hash = '#/lists';
  });
  return (
    <Dialog title={t.lists.removeList(list.name)} onClose={onClose}>
      <Form action={action} submit={t.lists.remove}>
        <p>{t.lists.removeListMeans}</p>
      </Form>
    </Dialog>
  );
}
