import { useState } from 'preact/hooks';
import { useCell } from '../data/cell.ts';
import { Field } from '../parts/form.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { lastDays, type Period } from './reports-client.ts';

const SPANS = [7, 30, 90];

/** Which days and where. Nothing is asked while somebody types a date. */
export function PeriodForm({ period, onPeriod }: { period: Period; onPeriod: (period: Period) => void }) {
  const { t, zone, number } = useWords();
  const cameras = useCell(useServices().feed.cameras) ?? [];
  const [draft, setDraft] = useState(period);
  const sites = [...new Set(cameras.flatMap(({ site_id }) => site_id ?? []))].sort();
  const show = (next: Period) => {
    setDraft(next);
    onPeriod(next);
  };
  return (
    <form
      class="form reports-form panel"
      onSubmit={(event) => {
        event.preventDefault();
        onPeriod(draft);
      }}
    >
      {(['from', 'to'] as const).map((name) => (
        <Field key={name} name={t.search[name]}>
          {(field) => (
            <input
              {...field}
              type="date"
              required
              value={draft[name]}
              max={name === 'from' ? draft.to : undefined}
              min={name === 'to' ? draft.from : undefined}
              onInput={(event) => setDraft({ ...draft, [name]: event.currentTarget.value })}
            />
          )}
        </Field>
      ))}
      <Field name={t.reports.place}>
        {(field) => (
          <select
            {...field}
            value={draft.place}
            onChange={(event) => setDraft({ ...draft, place: event.currentTarget.value })}
          >
            <option value="">{t.people.everywhere}</option>
            {sites.length > 1 &&
              sites.map((site) => (
                <option key={site} value={`site:${site}`}>
                  {t.people.sitesOf(site)}
                </option>
              ))}
            {cameras.map(({ camera_id, name }) => (
              <option key={camera_id} value={`camera:${camera_id}`}>
                {name || camera_id}
              </option>
            ))}
          </select>
        )}
      </Field>
      <button type="submit" class="button button-main">
        {t.audit.show}
      </button>
      <div class="reports-spans">
        {SPANS.map((days) => (
          <button key={days} type="button" class="button" onClick={() => show({ ...draft, ...lastDays(days, zone) })}>
            {t.reports.lastDays(number(days))}
          </button>
        ))}
      </div>
    </form>
  );
}
