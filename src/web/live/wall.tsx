import { useLayoutEffect, useState } from 'preact/hooks';
import type { CameraStatus } from '../../contract/live.ts';
import { useCell } from '../data/cell.ts';
import { CameraState } from '../parts/camera-state.tsx';
import { NoCameras } from '../parts/no-cameras.tsx';
import { Skeleton } from '../parts/notice.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { countDown, isDown } from '../trouble.ts';
import { arrangeWall } from './arrange-wall.ts';
import { CameraTile } from './camera-tile.tsx';
import { DayPanel } from './day-panel.tsx';

/** Here tiles lie in a row, so a large one among them would show nothing more. */
const PHONE = '(max-width: 640px)';

/** The cameras that are down by name, and a tile for each camera. Any tile can be made large, and fill the window. */
export function Wall() {
  const cameras = useCell(useServices().feed.cameras);
  const { t } = useWords();
  if (cameras === undefined || cameras.length === 0) {
    return (
      <section class="wall" aria-label={t.frame.cameras}>
        {cameras === undefined ? <Skeleton rows={1} kind="tile" /> : <NoCameras />}
      </section>
    );
  }
  return <Tiles cameras={cameras} />;
}

function Tiles({ cameras }: { cameras: readonly CameraStatus[] }) {
  const [picked, setPicked] = useState<string | null>();
  const [full, setFull] = useFull();
  const { t } = useWords();
  const { large, first, columns, rows } = arrangeWall(cameras, picked);
  const isSpot = large !== undefined;
  // A large tile leaves room beside few small ones.
  const isBeside = isSpot && cameras.length <= 3;
  const ordered = cameras.toSorted((a, b) => Number(b.camera_id === large) - Number(a.camera_id === large));
  const pick = (id: string) => {
    if (cameras.length === 1 || id === full || matchMedia(PHONE).matches) setFull(id === full ? undefined : id);
    else setPicked(id === large ? null : id);
  };
  return (
    <section class="wall" aria-label={t.frame.cameras}>
      {cameras.length > 1 && <Down cameras={cameras} onShow={setFull} />}
      <div
        class={`tiles ${isSpot ? 'tiles-spot' : ''} ${cameras.length > 1 ? 'tiles-several' : 'tiles-one'}`}
        data-cameras={cameras.length}
        style={{ '--columns': columns, '--rows': rows }}
      >
        {ordered.map((camera) => (
          <CameraTile
            key={camera.camera_id}
            camera={camera}
            size={camera.camera_id === full ? 'full' : camera.camera_id === large ? 'large' : 'small'}
            isFirst={camera.camera_id === first}
            onPick={() => pick(camera.camera_id)}
            onFull={() => setFull(camera.camera_id === full ? undefined : camera.camera_id)}
          />
        ))}
        {isBeside && <DayPanel />}
      </div>
      {!isBeside && <DayPanel />}
    </section>
  );
}

/** Names every camera that is down, however far its tile is scrolled away. */
function Down({ cameras, onShow }: { cameras: readonly CameraStatus[]; onShow: (id: string) => void }) {
  const words = useWords();
  const down = cameras.filter(isDown);
  if (down.length === 0) return null;
  return (
    <ul class="down-cameras" aria-label={countDown(cameras, words)}>
      {down.map((camera) => (
        <li key={camera.camera_id}>
          <button type="button" title={camera.message} onClick={() => onShow(camera.camera_id)}>
            {camera.name} <CameraState camera={camera} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The camera whose tile fills the window; Esc ends it. */
function useFull() {
  const state = useState<string>();
  const [full, setFull] = state;
  // Before it is painted: Esc may come at once.
  useLayoutEffect(() => {
    if (full === undefined) return undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      setFull(undefined);
    };
    document.addEventListener('keydown', listen, { capture: true });
    return () => document.removeEventListener('keydown', listen, { capture: true });
  }, [full]);
  return state;
}
