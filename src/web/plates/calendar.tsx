import { useEffect, useState } from 'preact/hooks';
import type { PlateHistory } from '../../contract/api/plates.ts';
import { Icon } from '../parts/icon.tsx';
import { EMPTY_QUERY, formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import type { Words } from '../words.ts';
import { type CalendarWeeks, findToday, layOutWeeks, shiftDay } from './calendar-days.ts';

/** A year and a bit, so that the same day of the last year is in it; on a phone half of that. */
const WEEKS = 53;
const HALF = 27;

/** Edge of a day with its gap, and the room of the names at the top and the left, in units of the drawing. */
const STEP = 13;
const TOP = 16;
const LEFT = 30;

/** A year of days, each in the colour of how often the plate was seen; below it the same as a list. */
export function Calendar({ days, text }: { days: PlateHistory['days']; text: string }) {
  const words = useWords();
  const { t, countOf } = words;
  const today = findToday(words.zone);
  const room = useNarrow() ? HALF : WEEKS;
  const [back, setBack] = useState(0);
  const last = shiftDay(today, -back * room * 7);
  const weeks = layOutWeeks(days, last, room);
  const first = weeks[0]?.[0]?.day ?? last;
  const shown = days.filter(({ day }) => day >= first && day <= last);
  const reads = shown.reduce((sum, one) => sum + one.reads, 0);
  const format = formatDay(words, { dateStyle: 'medium' });
  const told = t.plates.calendar(countOf(reads, t.frame.reads), countOf(shown.length, t.plates.days));
  return (
    <section class="panel calendar" aria-labelledby="calendar">
      <h2 id="calendar">
        {t.plates.fromTo(format(first), format(last))}
        <span>
          <button
            type="button"
            class="round"
            aria-label={t.plates.earlier}
            disabled={!days.some(({ day }) => day < first)}
            onClick={() => setBack(back + 1)}
          >
            <Icon name="back" />
          </button>
          <button
            type="button"
            class="round"
            aria-label={t.plates.later}
            disabled={back === 0}
            onClick={() => setBack(back - 1)}
          >
            <Icon name="next" />
          </button>
        </span>
      </h2>
      <Drawing weeks={weeks} label={told} />
      <p class="quiet">{told}</p>
      {shown.length > 0 && (
        <details>
          <summary>{t.plates.asList}</summary>
          <ul class="day-list">
            {shown.map(({ day, reads: count }) => (
              <li key={day}>
                <a href={formatRoute({ screen: 'search', query: searchOn(text, day) })}>{format(day)}</a>{' '}
                <span class="quiet">{countOf(count, t.frame.reads)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Drawing({ weeks, label }: { weeks: CalendarWeeks; label: string }) {
  const words = useWords();
  const { t, countOf } = words;
  const weekday = formatDay(words, { weekday: 'short' });
  const month = formatDay(words, { month: 'short' });
  const format = formatDay(words, { dateStyle: 'medium' });
  const width = LEFT + weeks.length * STEP;
  return (
    <svg class="calendar-days" viewBox={`0 0 ${width} ${TOP + 7 * STEP}`} role="img" aria-label={label}>
      {[0, 2, 4, 6].map((index) => (
        <text key={index} x={0} y={TOP + index * STEP + 9}>
          {weekday(shiftDay('2024-01-01', index))}
        </text>
      ))}
      {weeks.map((week, index) => (
        <g key={week[0]?.day} transform={`translate(${LEFT + index * STEP} ${TOP})`}>
          {startsMonth(weeks, index) && (
            <text x={0} y={-5}>
              {month(week[0]?.day ?? '')}
            </text>
          )}
          {week.map(({ day, reads, level }, row) => (
            <rect key={day} class={`level-${level}`} y={row * STEP} width={STEP - 2} height={STEP - 2} rx={2}>
              {reads > 0 && <title>{`${format(day)}: ${countOf(reads, t.frame.reads)}`}</title>}
            </rect>
          ))}
        </g>
      ))}
    </svg>
  );
}

/** Whether there is a phone's room, also after it was turned. */
function useNarrow(): boolean {
  const [query] = useState(() => matchMedia('(max-width: 640px)'));
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const follow = () => setNarrow(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [query]);
  return narrow;
}

/** A month has its name above its first whole week, and none at the right edge, where it would be cut. */
function startsMonth(weeks: CalendarWeeks, index: number): boolean {
  const monthOf = (week: CalendarWeeks[number] | undefined) => week?.[0]?.day.slice(0, 7);
  if (index === 0 || index > weeks.length - 2) return false;
  return monthOf(weeks[index]) !== monthOf(weeks[index - 1]);
}

/** Days have no zone: 1 July is 1 July everywhere. */
function formatDay({ locale }: Words, options: Intl.DateTimeFormatOptions): (day: string) => string {
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  return (day) => format.format(new Date(day));
}

function searchOn(text: string, day: string) {
  return { ...EMPTY_QUERY, q: text, mode: 'exact', from: `${day}T00:00`, to: `${day}T23:59:59` };
}
