import { useState } from 'preact/hooks';
import type { ErasureReport } from '../../contract/api/privacy.ts';
import { normalizePlate } from '../../contract/plate-text.ts';
import { useAnswer } from '../data/answer.ts';
import { fileAt } from '../data/download.ts';
import { DownloadButton } from '../parts/download.tsx';
import { ListExport } from '../parts/export-buttons.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { PlaceTable } from './place-table.tsx';
import { addressOfReport, erase, fetchErasures } from './privacy-client.ts';
import { SubjectFields, type TypedSubject, toSubject } from './subject-fields.tsx';
import { Working } from './working.tsx';

type Asked = Readonly<{ subject: TypedSubject; reason: string; scrub: boolean }>;

/** Erases a plate or an event: first it is said what would go, then the same is typed once more. */
export function Erasures() {
  const { t } = useWords();
  const [asked, setAsked] = useState<Asked>({ subject: { kind: 'plate', text: '' }, reason: '', scrub: false });
  const [found, setFound] = useState<ErasureReport>();
  const [done, setDone] = useState<ErasureReport>();
  const list = useAnswer('erasures', () => fetchErasures(null));
  const change = (part: Partial<Asked>) => {
    setAsked((before) => ({ ...before, ...part }));
    // What was said of another plate must not be confirmed for this one.
    setFound(undefined);
  };
  const ask = (dryRun: boolean) =>
    erase({ subject: toSubject(asked.subject), reason: asked.reason, scrub: asked.scrub, dry_run: dryRun });
  const look = useAction(async () => {
    setDone(undefined);
    setFound(await ask(true));
  });
  const finish = (report: ErasureReport) => {
    setDone(report);
    setFound(undefined);
    setAsked({ ...asked, subject: { ...asked.subject, text: '' }, reason: '' });
    list.retry();
  };
  return (
    <section class="panel" aria-labelledby="erasure">
      <h2 id="erasure">{t.privacy.erasure}</h2>
      <p class="quiet">{t.privacy.erasureMeans}</p>
      <Form action={look} submit={t.privacy.tryErasure}>
        <SubjectFields subject={asked.subject} onSubject={(subject) => change({ subject })} name="erasure-subject" />
        <Field name={t.privacy.reason}>
          {(ids) => (
            <TextInput
              {...ids}
              value={asked.reason}
              onValue={(reason) => change({ reason })}
              minLength={3}
              maxLength={500}
              required
            />
          )}
        </Field>
        <label class="choice">
          <input
            type="checkbox"
            checked={asked.scrub}
            onChange={(event) => change({ scrub: event.currentTarget.checked })}
          />
          {t.privacy.scrub}
        </label>
      </Form>
      {look.busy && <Working />}
      {found && (
        <>
          <Report report={found} title={t.privacy.wouldErase} />
          <Confirm subject={asked.subject} ask={() => ask(false)} onErased={finish} />
        </>
      )}
      {done && (
        <>
          <Report report={done} title={t.privacy.erased} />
          {done.id !== null && (
            <DownloadButton load={fileAt(addressOfReport(done.id))} label={t.privacy.signedReport} main />
          )}
        </>
      )}
      <History list={list} />
    </section>
  );
}

type ConfirmOptions = Readonly<{
  subject: TypedSubject;
  ask: () => Promise<ErasureReport>;
  onErased: (report: ErasureReport) => void;
}>;

/** Nothing is erased before the plate, or the id, has been typed again. */
function Confirm({ subject, ask, onErased }: ConfirmOptions) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const isSame = normalizePlate(typed) !== '' && normalizePlate(typed) === normalizePlate(subject.text);
  const erasing = useAction(async () => onErased(await ask()));
  return (
    <form
      class="form erase-confirm"
      onSubmit={(event) => {
        event.preventDefault();
        if (isSame) erasing.run();
      }}
    >
      <Field name={t.privacy.typeAgain(subject.text)}>
        {(ids) => <TextInput {...ids} value={typed} onValue={setTyped} autocomplete="off" maxLength={64} />}
      </Field>
      {erasing.busy && <Working />}
      {erasing.error !== undefined && <Problem error={erasing.error} />}
      <div class="form-end">
        <button type="submit" class="button button-danger" disabled={!isSame || erasing.busy}>
          {erasing.busy ? t.privacy.erasing : t.privacy.eraseForGood}
        </button>
      </div>
    </form>
  );
}

function Report({ report, title }: { report: ErasureReport; title: string }) {
  const { t, countOf, minute, localTimes } = useWords();
  return (
    <div class="privacy-report" role="status">
      <h3>
        {title}: {countOf(report.events, t.frame.reads)}
      </h3>
      {report.corrected_away > 0 && <p>{t.privacy.correctedAway(countOf(report.corrected_away, t.frame.reads))}</p>}
      {report.other_readings > 0 && <p>{t.privacy.otherReadings(countOf(report.other_readings, t.frame.reads))}</p>}
      <PlaceTable
        label={title}
        places={report.places}
        extra={{ heading: t.privacy.restUntil, tell: ({ until }) => (until === null ? '–' : minute(until)) }}
      />
      {report.remains.length > 0 && (
        <>
          <p>{t.privacy.remains}</p>
          <ul class="remains" lang="en">
            {report.remains.map((one) => (
              <li key={one}>{localTimes(one)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function History({ list }: { list: ReturnType<typeof useAnswer<Awaited<ReturnType<typeof fetchErasures>>>> }) {
  const { t, countOf, minute } = useWords();
  const { value, error, retry } = list;
  return (
    <div class="erasure-history">
      <h3>{t.privacy.erasures}</h3>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={2} />}
      {value?.erasures.length === 0 && <p class="quiet">{t.privacy.noErasures}</p>}
      <ListExport list={{ path: '/privacy/erasures?limit=500', rows: 'erasures' }} />
      <ul class="holds">
        {value?.erasures.map((erasure) => (
          <li key={erasure.id} class="hold" data-erasure={erasure.id}>
            <div>
              <p>
                {t.privacy.subjects[erasure.kind]} <span class="quiet">{countOf(erasure.events, t.frame.reads)}</span>
              </p>
              <p>{erasure.reason}</p>
              <small class="quiet">
                {t.privacy.setBy(erasure.by, minute(erasure.at))}
                {erasure.refused > 0 && ` · ${t.privacy.refused(countOf(erasure.refused, t.privacy.messages))}`}
              </small>
            </div>
            <DownloadButton load={fileAt(addressOfReport(erasure.id))} label={t.privacy.report} />
          </li>
        ))}
      </ul>
    </div>
  );
}
