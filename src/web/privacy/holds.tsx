import { useState } from 'preact/hooks';
import type { Hold } from '../../contract/api/privacy.ts';
import { useAnswer } from '../data/answer.ts';
import { ListExport } from '../parts/export-buttons.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { toUtc } from '../zoned-time.ts';
import { addHold, addressOfHolds, endHold, fetchHolds } from './privacy-client.ts';
import { SubjectFields, type TypedSubject, toSubject } from './subject-fields.tsx';

/** What is kept beyond its time, why and until when; holds are added and ended here. */
export function Holds() {
  const { t } = useWords();
  const [ended, setEnded] = useState(false);
  const { value, error, retry } = useAnswer(`holds ${ended}`, (signal) => fetchHolds(ended, signal));
  return (
    <section class="panel" aria-labelledby="holds">
      <header class="holds-top">
        <h2 id="holds">{t.privacy.holds}</h2>
        <label class="holds-ended">
          <input type="checkbox" checked={ended} onChange={(event) => setEnded(event.currentTarget.checked)} />
          {t.privacy.showEnded}
        </label>
      </header>
      <p class="quiet">{t.privacy.holdsMean}</p>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={2} />}
      {value?.holds.length === 0 && <p>{ended ? t.privacy.noEndedHolds : t.privacy.noHolds}</p>}
      <ul class="holds">
        {value?.holds.map((hold) => (
          <HoldItem key={hold.id} hold={hold} onEnded={retry} />
        ))}
      </ul>
      <ListExport list={{ path: addressOfHolds(ended), rows: 'holds' }} />
      <details>
        <summary>{t.privacy.addHold}</summary>
        <NewHoldForm onAdded={retry} />
      </details>
    </section>
  );
}

function HoldItem({ hold, onEnded }: { hold: Hold; onEnded: () => void }) {
  const { t, countOf, minute } = useWords();
  const end = useAction(async () => {
    await endHold(hold.id);
    onEnded();
  });
  const ended = hold.ended_at !== null;
  return (
    <li class="hold" data-hold={hold.id}>
      <div>
        <p>
          <HeldSubject hold={hold} /> <span class="quiet">{countOf(hold.events, t.frame.reads)}</span>
        </p>
        <p>
          {hold.reason}
          {hold.case_number !== null && ` · ${t.privacy.caseOf(hold.case_number)}`}
        </p>
        <small class="quiet">
          {t.privacy.setBy(hold.by, minute(hold.at))}{' '}
          {ended
            ? t.privacy.endedBy(hold.ended_by ?? t.privacy.itself, minute(hold.ended_at ?? ''))
            : hold.until === null
              ? t.privacy.openEnd
              : t.privacy.endsOn(minute(hold.until))}
        </small>
        {end.error !== undefined && <Problem error={end.error} />}
      </div>
      {!ended && (
        <button
          type="button"
          class="button"
          disabled={end.busy}
          aria-label={t.privacy.endHoldOf(hold.plate ?? hold.event ?? '')}
          onClick={end.run}
        >
          {t.privacy.endHold}
        </button>
      )}
    </li>
  );
}

/** The plate or event; after its end a hold of a plate no longer says which. */
function HeldSubject({ hold }: { hold: Hold }) {
  const { t } = useWords();
  if (hold.plate !== null) return <a href={formatRoute({ screen: 'plates', text: hold.plate })}>{hold.plate}</a>;
  if (hold.event === null) return <span class="quiet">{t.privacy.plateForgotten}</span>;
  return <a href={formatRoute({ screen: 'read', id: hold.event })}>{t.privacy.oneEvent}</a>;
}

const NOTHING = { reason: '', caseNumber: '', until: '' };

function NewHoldForm({ onAdded }: { onAdded: () => void }) {
  const { t, zone } = useWords();
  const [subject, setSubject] = useState<TypedSubject>({ kind: 'plate', text: '' });
  const [{ reason, caseNumber, until }, setTyped] = useState(NOTHING);
  const change = (part: Partial<typeof NOTHING>) => setTyped((before) => ({ ...before, ...part }));
  const action = useAction(async () => {
    const number = caseNumber.trim() || null;
    await addHold({
      subject: toSubject(subject),
      class: number === null ? 'hold' : 'case',
      reason,
      case_number: number,
      until: until === '' ? null : toUtc(until, zone),
    });
    setTyped(NOTHING);
    setSubject({ ...subject, text: '' });
    onAdded();
  });
  return (
    <Form action={action} submit={t.privacy.addHold}>
      <SubjectFields subject={subject} onSubject={setSubject} name="hold-subject" />
      <Field name={t.privacy.reason}>
        {(ids) => (
          <TextInput
            {...ids}
            value={reason}
            onValue={(text) => change({ reason: text })}
            minLength={3}
            maxLength={500}
            required
          />
        )}
      </Field>
      <Field name={t.privacy.caseNumber} hint={t.privacy.caseNumberHint}>
        {(ids) => (
          <TextInput {...ids} value={caseNumber} onValue={(text) => change({ caseNumber: text })} maxLength={64} />
        )}
      </Field>
      <Field name={t.privacy.until} hint={t.privacy.untilHint}>
        {(ids) => (
          <input
            {...ids}
            type="datetime-local"
            value={until}
            onInput={(event) => change({ until: event.currentTarget.value })}
          />
        )}
      </Field>
    </Form>
  );
}
