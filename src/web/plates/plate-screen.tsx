import './plate-screen.css';
import { useEffect, useState } from 'preact/hooks';
import type { EventPage } from '../../contract/api/events.ts';
import type { PlateHistory } from '../../contract/api/plates.ts';
import { normalizePlate } from '../../contract/plate-text.ts';
import { useAnswer } from '../data/answer.ts';
import { useCell } from '../data/cell.ts';
import { request } from '../data/request.ts';
import { Notes } from '../notes/notes.tsx';
import { ReadsExport } from '../parts/export-buttons.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { Bar, Plate } from '../parts/plate.tsx';
import { ReadRow } from '../parts/read-row.tsx';
import { formatRoute } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { Calendar } from './calendar.tsx';

/** Everything known about one plate: when and where it was seen, its reads, and what people noted. */
export function PlateScreen({ text: given }: { text: string }) {
  const { t, zone } = useWords();
  const text = normalizePlate(given);
  const address = `/plates/${encodeURIComponent(text)}`;
  const { value, error, retry } = useAnswer(`${text} ${zone}`, (signal) =>
    request<PlateHistory>(`${address}?time_zone=${encodeURIComponent(zone)}`, { signal }),
  );
  return (
    <main class="screen plate-screen" id="content">
      <header class="headline">
        <h1>
          <Plate text={text} big />
        </h1>
        {value && <Summary history={value} />}
      </header>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={4} kind="row" />}
      {value?.reads === 0 && <p class="quiet">{t.plates.neverSeen}</p>}
      {value && value.reads > 0 && <Calendar key={text} days={value.days} text={text} />}
      <div class="plate-columns">
        {value && value.cameras.length > 0 && <Cameras cameras={value.cameras} />}
        {value && <NearTexts near={value.near} />}
        {value && <Notes key={text} of={address} given={value.notes} />}
      </div>
      <Reads key={text} text={text} />
    </main>
  );
}

function Summary({ history }: { history: PlateHistory }) {
  const { t, countOf, minute } = useWords();
  return (
    <dl class="headline-facts">
      <div>
        <dt>{t.plates.seen}</dt>
        <dd>{countOf(history.reads, t.frame.reads)}</dd>
      </div>
      {history.first_seen && (
        <div>
          <dt>{t.plates.first}</dt>
          <dd>{minute(history.first_seen)}</dd>
        </div>
      )}
      {history.last_seen && (
        <div>
          <dt>{t.plates.last}</dt>
          <dd>{minute(history.last_seen)}</dd>
        </div>
      )}
    </dl>
  );
}

function Cameras({ cameras }: { cameras: PlateHistory['cameras'] }) {
  const { t, number, minute } = useWords();
  const known = useCell(useServices().feed.cameras) ?? [];
  const most = Math.max(...cameras.map(({ reads }) => reads));
  const nameOf = (id: string) => known.find(({ camera_id }) => camera_id === id)?.name ?? id;
  return (
    <section class="panel" aria-labelledby="plate-cameras">
      <h2 id="plate-cameras">{t.frame.cameras}</h2>
      <ul class="counted">
        {cameras.map((camera) => (
          <li key={camera.camera_id}>
            <span>{nameOf(camera.camera_id)}</span>
            <Bar p={camera.reads / most} />
            <span>{number(camera.reads)}</span>
            <small class="quiet">{t.plates.lastThere(minute(camera.last_seen))}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NearTexts({ near }: { near: PlateHistory['near'] }) {
  const { t, number, minute } = useWords();
  return (
    <section class="panel" aria-labelledby="near">
      <h2 id="near">{t.plates.near}</h2>
      {near.length === 0 && <p class="quiet">{t.plates.noNear}</p>}
      <ul class="counted">
        {near.map(({ text, reads, last_seen }) => (
          <li key={text}>
            <a href={formatRoute({ screen: 'plates', text })}>{text}</a>
            <span class="quiet">{minute(last_seen)}</span>
            <span>{number(reads)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Every read of the plate, the newest first. */
function Reads({ text }: { text: string }) {
  const { t } = useWords();
  const { listed } = useServices();
  const [page, setPage] = useState<EventPage>();
  const [error, setError] = useState<unknown>();
  const [loading, setLoading] = useState(false);
  const load = async () => {
    setLoading(true);
    try {
      const more = page?.next ? `&cursor=${encodeURIComponent(page.next)}` : '';
      const next = await request<EventPage>(`/events/plate/${encodeURIComponent(text)}?limit=30${more}`);
      setPage({ ...next, events: [...(page?.events ?? []), ...next.events] });
      setError(undefined);
    } catch (failure) {
      setError(failure);
    }
    setLoading(false);
  };
  useEffect(() => void load(), []);
  useEffect(() => listed.set(page?.events.map(({ event_id: id }) => id) ?? []), [page]);
  return (
    <section class="plate-reads" aria-labelledby="plate-reads">
      <header>
        <h2 id="plate-reads">{t.plates.reads}</h2>
        <ReadsExport query={new URLSearchParams({ q: text, mode: 'exact' }).toString()} />
      </header>
      {page === undefined && error === undefined && <Skeleton rows={3} kind="row" />}
      <ul class="rows rows-found">
        {page?.events.map((event) => (
          <ReadRow key={event.event_id} event={event} />
        ))}
      </ul>
      {error !== undefined && <Problem error={error} retry={() => void load()} />}
      {page?.next && (
        <button type="button" class="button button-wide" disabled={loading} onClick={() => void load()}>
          {t.search.showMore}
        </button>
      )}
    </section>
  );
}
