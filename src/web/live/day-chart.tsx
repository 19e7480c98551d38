import { useState } from 'preact/hooks';
import type { Stats } from '../../contract/api/stats.ts';
import { useWords } from '../speech.tsx';

const HOUR_MS = 3_600_000;
const HEIGHT = 44;
const STEP = 12;

type Hour = Readonly<{ at: number; events: number }>;

/** Reads in each of the last 24 hours as bars; the bar under the pointer is described in words. */
export function DayChart({ hours }: { hours: Stats['per_hour'] }) {
  const { t, clock, countOf, number } = useWords();
  const [pointed, setPointed] = useState<Hour>();
  const day = fillDay(hours, Date.now());
  const most = Math.max(...day.map((hour) => hour.events), 1);
  const shown = pointed ?? day.at(-1);
  const total = day.reduce((sum, hour) => sum + hour.events, 0);
  return (
    <figure class="day-chart">
      <svg
        viewBox={`0 0 ${day.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t.live.chart(countOf(total, t.frame.reads), number(most))}
        onPointerLeave={() => setPointed(undefined)}
      >
        {day.map((hour, index) => (
          <g key={hour.at} class={hour === shown ? 'hour hour-shown' : 'hour'} onPointerEnter={() => setPointed(hour)}>
            <rect class="hour-reach" x={index * STEP} width={STEP} height={HEIGHT} />
            <rect class="hour-bar" x={index * STEP + 1.5} width={STEP - 3} {...measureBar(hour.events / most)} />
          </g>
        ))}
      </svg>
      <figcaption>
        {shown && (
          <>
            <b>{countOf(shown.events, t.frame.reads)}</b>{' '}
            {pointed ? t.live.fromTo(clock(shown.at), clock(shown.at + HOUR_MS)) : t.live.thisHour}
          </>
        )}
      </figcaption>
    </figure>
  );
}

function measureBar(share: number): Readonly<{ y: number; height: number }> {
  const height = share === 0 ? 1.5 : Math.max(share * (HEIGHT - 2), 3);
  return { y: HEIGHT - height, height };
}

function fillDay(hours: Stats['per_hour'], now: number): readonly Hour[] {
  const events = new Map(hours.map((hour) => [startOfHour(Date.parse(hour.hour)), hour.events]));
  const current = startOfHour(now);
  return Array.from({ length: 24 }, (_, index) => {
    const at = current - (23 - index) * HOUR_MS;
    return { at, events: events.get(at) ?? 0 };
  });
}

function startOfHour(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}
