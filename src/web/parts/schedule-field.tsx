import type { Schedule } from '../../contract/rule.ts';
import { useWords } from '../speech.tsx';
import type { Words } from '../words.ts';
import { Field, TextInput } from './form.tsx';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const COUNTS = ['never', 'only', 'sat', 'sun'] as const;

type ScheduleOptions = Readonly<{
  name: string;
  schedule: Schedule | null;
  onSchedule: (schedule: Schedule | null) => void;
}>;

/** Days, hours and holidays on which something holds; null is always. */
export function ScheduleField({ name, schedule, onSchedule }: ScheduleOptions) {
  const { zone } = useWords();
  return (
    <fieldset class="schedule-field">
      <legend>
        <label class="choice">
          <input
            type="checkbox"
            checked={schedule !== null}
            onChange={(event) => onSchedule(event.currentTarget.checked ? { time_zone: zone } : null)}
          />
          {name}
        </label>
      </legend>
      {schedule && <Times schedule={schedule} onSchedule={onSchedule} />}
    </fieldset>
  );
}

function Times({ schedule, onSchedule }: { schedule: Schedule; onSchedule: (schedule: Schedule) => void }) {
  const { t } = useWords();
  const { days = DAYS, from, to, time_zone: zone, holidays } = schedule;
  const set = (change: Partial<Schedule>) => {
    const next = Object.entries({ ...schedule, ...change }).filter(([, value]) => value !== undefined && value !== '');
    onSchedule(Object.fromEntries(next));
  };
  const turn = (day: (typeof DAYS)[number]) => {
    const chosen = DAYS.filter((one) => (one === day ? !days.includes(day) : days.includes(one)));
    if (chosen.length > 0) set({ days: chosen.length === DAYS.length ? undefined : chosen });
  };
  return (
    <>
      <fieldset class="choices choices-row">
        <legend>{t.lists.days}</legend>
        {DAYS.map((day) => (
          <label key={day} class="choice">
            <input type="checkbox" checked={days.includes(day)} onChange={() => turn(day)} />
            {t.lists.dayNames[day]}
          </label>
        ))}
      </fieldset>
      <Field name={t.lists.hoursFrom}>
        {(field) => (
          <input
            {...field}
            type="time"
            value={from ?? ''}
            onInput={(event) => set({ from: event.currentTarget.value || undefined })}
          />
        )}
      </Field>
      <Field name={t.lists.hoursTo}>
        {(field) => (
          <input
            {...field}
            type="time"
            value={to ?? ''}
            onInput={(event) => set({ to: event.currentTarget.value || undefined })}
          />
        )}
      </Field>
      <Field name={t.lists.zone}>
        {(field) => (
          <TextInput {...field} value={zone ?? ''} onValue={(text) => set({ time_zone: text || undefined })} />
        )}
      </Field>
      <Holidays holidays={holidays} onHolidays={(next) => set({ holidays: next })} />
    </>
  );
}

type Holidays = Schedule['holidays'];

function Holidays({ holidays, onHolidays }: { holidays: Holidays; onHolidays: (holidays: Holidays) => void }) {
  const { t } = useWords();
  const dates = holidays?.dates ?? [];
  const take = (text: string) => {
    const given = text.split(/[\s,;]+/).filter((date) => date !== '');
    onHolidays(given.length === 0 ? undefined : { count_as: holidays?.count_as ?? 'never', dates: given });
  };
  return (
    <>
      <Field name={t.lists.holidays} hint={t.lists.holidaysHint}>
        {(field) => <input {...field} value={dates.join(', ')} onChange={(event) => take(event.currentTarget.value)} />}
      </Field>
      {holidays && (
        <Field name={t.lists.onHolidays}>
          {(field) => (
            <select
              {...field}
              value={holidays.count_as}
              onChange={(event) =>
                onHolidays({ ...holidays, count_as: event.currentTarget.value as (typeof COUNTS)[number] })
              }
            >
              {COUNTS.map((one) => (
                <option key={one} value={one}>
                  {t.lists.countAs[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </>
  );
}

/** The days and hours in short: "Mon Tue 22:00–24:00". */
export function describeSchedule({ days, from, to }: Schedule, t: Words['t']): string {
  const hours = from === undefined && to === undefined ? [] : [`${from ?? '00:00'}–${to ?? '24:00'}`];
  return [...(days ?? []).map((day) => t.lists.dayNames[day]), ...hours].join(' ') || t.lists.scheduled;
}
