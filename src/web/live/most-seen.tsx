import { useCell } from '../data/cell.ts';
import { Plate } from '../parts/plate.tsx';
import { EMPTY_QUERY, formatRoute } from '../route.ts';
import { useServices } from '../services.ts';
import { countOf } from '../words.ts';

/** The plates read most often in 24 hours, each one a search; nothing while no plate came twice. */
export function MostSeen() {
  const stats = useCell(useServices().feed.stats);
  const often = stats?.top_plates.filter(({ events }) => events > 1) ?? [];
  if (often.length === 0) return null;
  return (
    <section class="most-seen" aria-labelledby="most-seen">
      <h2 id="most-seen">Most seen in 24 h</h2>
      <ul>
        {often.map(({ text, events }) => (
          <li key={text}>
            <a
              href={formatRoute({ screen: 'search', query: { ...EMPTY_QUERY, q: text } })}
              title={countOf(events, 'read')}
            >
              <Plate text={text} /> <span>{events}×</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
