import { useState } from 'preact/hooks';
import { EventWayList } from '../parts/event-way.tsx';
import { Field, TextInput } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';

/** Looks for the way of an event by its id, or by the id of its trace. */
export function FindWay() {
  const { t } = useWords();
  const [draft, setDraft] = useState('');
  const [id, setId] = useState('');
  return (
    <section class="panel" aria-labelledby="way">
      <h2 id="way">{t.way.find}</h2>
      <form
        class="form find-way"
        onSubmit={(event) => {
          event.preventDefault();
          setId(toEventId(draft));
        }}
      >
        <Field name={t.way.event} hint={t.way.eventMeans}>
          {(field) => <TextInput {...field} value={draft} onValue={setDraft} maxLength={64} required />}
        </Field>
        <button type="submit" class="button">
          {t.way.show}
        </button>
      </form>
      {id !== '' && <EventWayList id={id} />}
    </section>
  );
}

/** A trace has the id of its event without hyphens. */
function toEventId(text: string): string {
  return text.trim().replace(/^([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})$/i, '$1-$2-$3-$4-$5');
}
