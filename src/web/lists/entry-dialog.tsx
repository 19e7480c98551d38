import { useState } from 'preact/hooks';
import type { ListEntry } from '../../contract/api/lists.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { ScheduleField } from '../parts/schedule-field.tsx';
import { useWords } from '../speech.tsx';
import { toLocal, toUtc } from '../zoned-time.ts';
import { ColourField } from './list-dialogs.tsx';
import { removeEntry, writeEntry } from './lists-client.ts';

/** Adds an entry to a list, or changes one. */
export function EntryDialog({ list, entry, onClose }: { list: string; entry?: ListEntry; onClose: () => void }) {
  const { t, zone } = useWords();
  const [plate, setPlate] = useState(entry?.plate ?? '');
  const [name, setName] = useState(entry?.name ?? '');
  const [note, setNote] = useState(entry?.note ?? '');
  const [group, setGroup] = useState(entry?.group ?? '');
  const [tags, setTags] = useState(entry?.tags.join(', ') ?? '');
  const [colour, setColour] = useState(entry?.colour ?? '');
  const [from, setFrom] = useState(entry?.valid_from ? toLocal(entry.valid_from, zone) : '');
  const [until, setUntil] = useState(entry?.valid_until ? toLocal(entry.valid_until, zone) : '');
  const [schedule, setSchedule] = useState(entry?.schedule ?? null);
  const action = useAction(async () => {
    const split = tags.split(',').map((tag) => tag.trim());
    const written = await writeEntry(list, plate, {
      name,
      note,
      group,
      colour,
      tags: [...new Set(split.filter((tag) => tag !== ''))],
      valid_from: from === '' ? null : toUtc(from, zone),
      valid_until: until === '' ? null : toUtc(until, zone),
      schedule,
    });
    if (entry && written.plate !== entry.plate) await removeEntry(list, entry.plate);
    onClose();
  });
  return (
    <Dialog title={entry ? t.lists.changeEntry(entry.plate) : t.lists.addEntry} onClose={onClose}>
      <Form action={action} submit={t.lists.save}>
        <Field name={t.lists.plate} hint={t.lists.plateHint}>
          {(field) => <TextInput {...field} value={plate} onValue={setPlate} maxLength={64} required />}
        </Field>
        <Field name={t.lists.name}>
          {(field) => <TextInput {...field} value={name} onValue={setName} maxLength={200} />}
        </Field>
        <Field name={t.lists.note}>
          {(field) => <TextInput {...field} value={note} onValue={setNote} maxLength={2000} />}
        </Field>
        <Field name={t.lists.group}>
          {(field) => <TextInput {...field} value={group} onValue={setGroup} maxLength={64} />}
        </Field>
        <Field name={t.lists.tags} hint={t.lists.tagsHint}>
          {(field) => <TextInput {...field} value={tags} onValue={setTags} />}
        </Field>
        <Field name={t.lists.validFrom}>
          {(field) => (
            <input
              {...field}
              type="datetime-local"
              value={from}
              onInput={(event) => setFrom(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field name={t.lists.validUntil}>
          {(field) => (
            <input
              {...field}
              type="datetime-local"
              value={until}
              onInput={(event) => setUntil(event.currentTarget.value)}
            />
          )}
        </Field>
        <ScheduleField name={t.lists.scheduled} schedule={schedule} onSchedule={setSchedule} />
        <ColourField colour={colour} onColour={setColour} />
      </Form>
    </Dialog>
  );
}
