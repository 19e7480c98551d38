import { useState } from 'preact/hooks';
import type { KeptChannel } from '../../contract/api/channels.ts';
import type { ChannelKind } from '../../contract/channel.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, Form, useAction } from '../parts/form.tsx';
import { NamedFields } from '../parts/named-fields.tsx';
import { useWords } from '../speech.tsx';
import { ChannelFieldInput } from './channel-field-input.tsx';
import { FIELDS, fromValues, KINDS, listRemoved, toValues } from './channel-fields.ts';
import { writeChannel } from './channels-client.ts';

/** Makes a channel, or changes one, with the fields of its kind. */
export function ChannelDialog({ kept, onClose }: { kept?: KeptChannel; onClose: () => void }) {
  const { t } = useWords();
  const before = kept?.channel;
  const [kind, setKind] = useState<ChannelKind>(before?.kind ?? 'smtp');
  const [id, setId] = useState(before?.id ?? '');
  const [name, setName] = useState(before?.name ?? '');
  const [enabled, setEnabled] = useState(before?.enabled ?? true);
  const [opens, setOpens] = useState(before?.opens ?? false);
  const [values, setValues] = useState(() => toValues(kind, before));
  const action = useAction(async () => {
    const channel = { id, kind, name: name.trim(), enabled, opens, ...fromValues(kind, values) };
    await writeChannel(id, channel, listRemoved(values));
    onClose();
  });
  const fields = FIELDS[kind].map((field) => ({
    more: field.more,
    input: (
      <ChannelFieldInput
        key={`${kind} ${field.name}`}
        field={field}
        value={values[field.name]}
        isKept={kept?.secrets.includes(field.name) ?? false}
        onValue={(value) => setValues((all) => ({ ...all, [field.name]: value }))}
      />
    ),
  }));
  return (
    <Dialog title={before ? t.channels.deedsOf.change(before.name) : t.channels.create} onClose={onClose}>
      <Form action={action} submit={t.lists.save}>
        {!before && (
          <Field name={t.channels.kind}>
            {(field) => (
              <select
                {...field}
                value={kind}
                onChange={(event) => {
                  const chosen = event.currentTarget.value as ChannelKind;
                  setKind(chosen);
                  setValues(toValues(chosen));
                }}
              >
                {KINDS.map((one) => (
                  <option key={one} value={one}>
                    {t.channels.kinds[one]}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <NamedFields name={name} maxLength={200} onName={setName} id={before ? undefined : id} onId={setId} />
        {fields.filter(({ more }) => !more).map(({ input }) => input)}
        <label class="choice">
          <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />{' '}
          {t.channels.enabled}
        </label>
        <label class="choice">
          <input type="checkbox" checked={opens} onChange={(event) => setOpens(event.currentTarget.checked)} />{' '}
          {t.channels.opens}
        </label>
        <details class="channel-more">
          <summary>{t.channels.more}</summary>
          {fields.filter(({ more }) => more).map(({ input }) => input)}
        </details>
      </Form>
    </Dialog>
  );
}
