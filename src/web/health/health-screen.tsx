import { useAnswer } from '../data/answer.ts';
import { NoCameras } from '../parts/no-cameras.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { useNow } from '../parts/time.tsx';
import { useWords } from '../speech.tsx';
import { CameraDetail } from './camera-detail.tsx';
import { CameraRow } from './camera-row.tsx';
import { fetchHealthOfAll } from './health-client.ts';
import '../styles/table.css';
import './health.css';

const AGAIN_EVERY_MS = 60_000;

/** Whether every camera reads as well as usual, or all about one of them. */
export function HealthScreen({ id }: { id: string | undefined }) {
  return id === undefined ? <Overview /> : <CameraDetail id={id} />;
}

function Overview() {
  const { t } = useWords();
  const turn = Math.floor(useNow() / AGAIN_EVERY_MS);
  const { value, error, retry } = useAnswer(`health ${turn}`, fetchHealthOfAll);
  return (
    <main class="screen health" id="content">
      <header class="screen-head">
        <h1>{t.frame.names.health}</h1>
        <p class="quiet">{t.health.means}</p>
      </header>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={3} kind="row" />}
      {value?.cameras.length === 0 && <NoCameras />}
      {value && value.cameras.length > 0 && (
        <table class="table panel">
          <thead>
            <tr>
              <th scope="col">{t.frame.camera}</th>
              <th scope="col">{t.cameras.state}</th>
              <th scope="col">{t.health.share}</th>
              <th scope="col">{t.health.figures}</th>
              <th scope="col">{t.health.losses}</th>
              <th scope="col">{t.health.advice}</th>
            </tr>
          </thead>
          <tbody>
            {value.cameras.map((camera) => (
              <CameraRow key={`${camera.site_id} ${camera.camera_id}`} camera={camera} />
            ))}
          </tbody>
        </table>
      )}
    </main>
  );
}
