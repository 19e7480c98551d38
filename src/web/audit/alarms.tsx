import { useState } from 'preact/hooks';
import type { AuditAlarm } from '../../contract/api/audit.ts';
import { useAnswer } from '../data/answer.ts';
import { ListExport } from '../parts/export-buttons.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { fetchAlarms, settleAlarm } from './audit-client.ts';

/** Searches that somebody should ask about, and what came of it. */
export function Alarms() {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('alarms', (signal) => fetchAlarms('all', signal));
  if (error !== undefined && value === undefined) return <Problem error={error} retry={retry} />;
  if (value === undefined) return <Skeleton rows={3} kind="row" />;
  if (value.alarms.length === 0) return <Empty icon="check" title={t.audit.noAlarms} />;
  return (
    <>
      <ListExport list={{ path: '/audit/alarms?state=all&limit=500', rows: 'alarms' }} />
      <ul class="alarms">
        {value.alarms.map((alarm) => (
          <Alarm key={alarm.id} alarm={alarm} onSettled={retry} />
        ))}
      </ul>
    </>
  );
}

function Alarm({ alarm, onSettled }: { alarm: AuditAlarm; onSettled: () => void }) {
  const { t, minute, number } = useWords();
  const [note, setNote] = useState('');
  const action = useAction(async () => {
    await settleAlarm(alarm.id, note.trim());
    onSettled();
  });
  return (
    <li class={`alarm panel ${alarm.seen_at === null ? 'alarm-open' : ''}`}>
      <h2>
        {t.audit.alarmKinds[alarm.kind]}
        {alarm.who && <span class="chip">{alarm.who.name}</span>}
        {alarm.plate && <b class="audit-plates">{alarm.plate}</b>}
      </h2>
      <p>
        {t.audit.alarmTimes(number(alarm.times), minute(alarm.first_at), minute(alarm.last_at))}
        <span class="quiet" lang="en">
          {' '}
          {alarm.message}
        </span>
      </p>
      {alarm.seen_at !== null && (
        <p class="quiet">
          {t.audit.seen(alarm.seen_by ?? '', minute(alarm.seen_at))} {alarm.note}
        </p>
      )}
      {alarm.seen_at === null && (
        <Form action={action} submit={t.audit.settle}>
          <Field name={t.audit.note}>
            {(field) => <TextInput {...field} value={note} onValue={setNote} maxLength={1000} />}
          </Field>
        </Form>
      )}
    </li>
  );
}
