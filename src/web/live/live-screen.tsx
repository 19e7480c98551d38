import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../data/cell.ts';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { ReadRow } from '../parts/read-row.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { Totals } from './totals.tsx';
import { Wall } from './wall.tsx';

/** An open read turns among the newest reads, also those that come later. */
const NEWEST: readonly string[] = [];

/** The live wall: the day's figures, a tile for each camera, and the newest reads beside them. */
export function LiveScreen() {
  const { t } = useWords();
  return (
    <main class="screen live" id="content">
      <h1 class="spoken">{t.frame.names.live}</h1>
      <Totals />
      <Wall />
      <NewestReads />
    </main>
  );
}

function NewestReads() {
  const { feed, listed } = useServices();
  const { t } = useWords();
  const reads = useCell(feed.reads);
  const cameras = useCell(feed.cameras) ?? [];
  const problem = useCell(feed.problem);
  const [only, setOnly] = useState('');
  const shown = reads?.filter((read) => only === '' || read.event.camera_id === only);
  useEffect(() => listed.set(only === '' ? NEWEST : (shown ?? []).map(({ event }) => event.event_id)), [only, reads]);
  return (
    <section class="reads" aria-labelledby="newest-reads">
      <header class="reads-head">
        <h2 id="newest-reads">{t.live.newestReads}</h2>
        {cameras.length > 1 && (
          <select aria-label={t.live.showReadsOf} value={only} onChange={(event) => setOnly(event.currentTarget.value)}>
            <option value="">{t.live.allCameras}</option>
            {cameras.map((camera) => (
              <option key={camera.camera_id} value={camera.camera_id}>
                {camera.name}
              </option>
            ))}
          </select>
        )}
      </header>
      <div class="reads-body">
        {problem !== undefined && reads === undefined && <Problem error={problem} retry={() => void feed.refresh()} />}
        {problem === undefined && reads === undefined && <Skeleton rows={7} kind="row" />}
        {shown?.length === 0 && <NoReads simulated={cameras.some((camera) => camera.kind === 'simulator')} />}
        <ul class="rows">
          {shown?.map(({ event, live }) => (
            <ReadRow key={event.event_id} event={event} live={live} />
          ))}
        </ul>
        <Older />
      </div>
    </section>
  );
}

function NoReads({ simulated }: { simulated: boolean }) {
  const { t } = useWords();
  return (
    <Empty icon="plate" title={t.live.noReads}>
      {simulated ? t.live.simulated : t.live.waiting}
    </Empty>
  );
}

function Older() {
  const { feed } = useServices();
  const { t } = useWords();
  if (useCell(feed.older) === null) return null;
  return (
    <button type="button" class="button button-wide" onClick={() => void feed.loadOlder()}>
      {t.live.showOlder}
    </button>
  );
}
