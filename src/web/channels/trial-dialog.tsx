import { useState } from 'preact/hooks';
import type { KeptChannel } from '../../contract/api/channels.ts';
import { useCell } from '../data/cell.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { tryChannel } from './channels-client.ts';

const WITHS = ['example', 'newest', 'event'] as const;

type With = (typeof WITHS)[number];
type TrialOptions = Readonly<{
  channel: KeptChannel['channel'];
  onSent: (delivery: string) => void;
  onClose: () => void;
}>;

/** Asks which read a trial is sent with. */
export function TrialDialog({ channel, onSent, onClose }: TrialOptions) {
  const { t } = useWords();
  const newest = useCell(useServices().feed.reads)?.[0]?.event.event_id;
  const [chosen, setChosen] = useState<With>('example');
  const [id, setId] = useState('');
  const action = useAction(async () => {
    const events = { example: null, newest: newest ?? null, event: id.trim() };
    onSent((await tryChannel(channel.id, events[chosen])).delivery);
    onClose();
  });
  return (
    <Dialog title={t.channels.deedsOf.try(channel.name)} onClose={onClose}>
      <Form action={action} submit={t.channels.send}>
        <Field name={t.channels.tryWith}>
          {(field) => (
            <select {...field} value={chosen} onChange={(event) => setChosen(event.currentTarget.value as With)}>
              {WITHS.map((one) => (
                <option key={one} value={one} disabled={one === 'newest' && newest === undefined}>
                  {t.channels.tryWiths[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {chosen === 'event' && (
          <Field name={t.channels.eventId}>
            {(field) => <TextInput {...field} value={id} onValue={setId} maxLength={40} required />}
          </Field>
        )}
      </Form>
    </Dialog>
  );
}
