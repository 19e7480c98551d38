import type { CameraQuality } from '../../contract/api/camera-quality.ts';
import { CameraState } from '../parts/camera-state.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { AdviceList } from './advice-list.tsx';
import { Losses } from './losses.tsx';
import { shareOf } from './share-of.ts';

/** One camera of the overview: what it reads now and usually, what it loses, and what to do first. */
export function CameraRow({ camera }: { camera: CameraQuality }) {
  const { t, percent, number } = useWords();
  const { camera_id: id, site_id: site, status, share, usual, losses, advice } = camera;
  const { read, lost } = camera.passages;
  return (
    <tr data-camera={id}>
      <th scope="row">
        <a href={formatRoute({ screen: 'health', id })}>{status?.name ?? id}</a>
        <span class="quiet">{[id, site].filter(Boolean).join(', ')}</span>
      </th>
      <td data-name={t.cameras.state}>{status ? <CameraState camera={status} /> : t.frame.unknown}</td>
      <td data-name={t.health.share}>
        <span class="health-share">
          <b>{share === null ? t.system.of(number(read), number(read + lost)) : percent(share)}</b>
          <TrendLine days={camera.days} />
        </span>
        {usual !== null && <p class="quiet">{t.health.usually(percent(usual))}</p>}
      </td>
      <td data-name={t.health.figures}>
        <Brief camera={camera} />
      </td>
      <td data-name={t.health.losses}>
        <Losses losses={losses} most={3} />
      </td>
      <td data-name={t.health.advice}>
        <AdviceList advice={advice.slice(0, 2)} />
      </td>
    </tr>
  );
}

/** The other figures in three lines; the camera's own screen has them one by one. */
function Brief({ camera }: { camera: CameraQuality }) {
  const { t, percent, number } = useWords();
  const { brief } = t.health;
  const { day, night, status, char_height_px: height, confidence, corrected, clock_offset_s: clock } = camera;
  const told = (value: number | null, format: (value: number) => string) => (value === null ? '–' : format(value));
  const precise = (value: number) => number(value, 1);
  return (
    <ul class="brief">
      <li>{brief.dayNight(told(shareOf(day), percent), told(shareOf(night), percent))}</li>
      <li>{brief.reads(told(height, precise), told(confidence, percent), told(corrected, percent))}</li>
      {status && (
        <li>
          {brief.machine(precise(status.fps_processed), status.detector_provider.toUpperCase(), told(clock, precise))}
        </li>
      )}
    </ul>
  );
}

const [WIDTH, HEIGHT] = [90, 24];

/** The share of each day as a line; the numbers are in the chart of the camera. */
function TrendLine({ days }: { days: CameraQuality['days'] }) {
  const shares = days.filter(({ read, lost }) => read + lost > 0).map(({ read, lost }) => read / (read + lost));
  if (shares.length < 2) return null;
  const points = shares.map((share, index) => {
    const x = (index / (shares.length - 1)) * (WIDTH - 2) + 1;
    return `${x.toFixed(1)},${((1 - share) * (HEIGHT - 2) + 1).toFixed(1)}`;
  });
  return (
    <svg class="trend-line" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
      <polyline points={points.join(' ')} />
    </svg>
  );
}
