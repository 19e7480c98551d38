import type { Stats } from '../../contract/api/stats.ts';
import { useCell } from '../data/cell.ts';
import { Bar, Plate } from '../parts/plate.tsx';
import { EMPTY_QUERY, formatRoute } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';

/**
 * The cameras with the most reads in 24 hours, and the plates that came more than once; nothing before the first read.
 */
export function DayPanel() {
  const { feed } = useServices();
  const { t } = useWords();
  const stats = useCell(feed.stats);
  const cameras = useCell(feed.cameras) ?? [];
  if (stats === undefined || stats.events_24h === 0) return null;
  const nameOf = (id: string) => cameras.find((camera) => camera.camera_id === id)?.name ?? id;
  return (
    <section class="day-panel" aria-label={t.live.byCameraAndPlate}>
      <ByCamera counts={stats.per_camera.slice(0, 5)} nameOf={nameOf} />
      <MostSeen plates={stats.top_plates.filter(({ events }) => events > 1)} />
    </section>
  );
}

function ByCamera({ counts, nameOf }: { counts: Stats['per_camera']; nameOf: (id: string) => string }) {
  const { t, number } = useWords();
  const most = Math.max(...counts.map(({ events }) => events), 1);
  return (
    <div>
      <h2>{t.live.byCamera}</h2>
      <ul class="by-camera">
        {counts.map(({ camera_id, events }) => (
          <li key={camera_id}>
            <span>{nameOf(camera_id)}</span>
            <Bar p={events / most} />
            <b>{number(events)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}

function MostSeen({ plates }: { plates: Stats['top_plates'] }) {
  const { t, countOf, number } = useWords();
  if (plates.length === 0) return null;
  return (
    <div>
      <h2>{t.live.seenMost}</h2>
      <ul class="most-seen">
        {plates.slice(0, 6).map(({ text, events }) => (
          <li key={text}>
            <a
              href={formatRoute({ screen: 'search', query: { ...EMPTY_QUERY, q: text } })}
              title={countOf(events, t.frame.reads)}
            >
              <Plate text={text} /> <span>{number(events)}×</span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
