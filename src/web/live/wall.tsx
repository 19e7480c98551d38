import { useState } from 'preact/hooks';
import { useCell } from '../data/cell.ts';
import { NoCameras } from '../parts/no-cameras.tsx';
import { Skeleton } from '../parts/notice.tsx';
import { useServices } from '../services.ts';
import { CameraTile } from './camera-tile.tsx';
import { DayPanel } from './day-panel.tsx';

/** Two or three cameras fill the wall best with one of them large; four and more do so at equal size. */
const MOST_WITH_ONE_LARGE = 3;

/** A tile for each camera. Any tile can be enlarged and reset. */
export function Wall() {
  const cameras = useCell(useServices().feed.cameras);
  const [picked, setPicked] = useState<string | null>();
  if (cameras === undefined || cameras.length === 0) {
    return (
      <section class="wall" aria-label="Cameras">
        {cameras === undefined ? <Skeleton rows={1} kind="tile" /> : <NoCameras />}
      </section>
    );
  }
  const several = cameras.length > 1;
  const usual = several && cameras.length <= MOST_WITH_ONE_LARGE ? cameras[0]?.camera_id : undefined;
  const big = picked === undefined ? usual : (picked ?? undefined);
  const ordered = [...cameras].sort((a, b) => Number(b.camera_id === big) - Number(a.camera_id === big));
  return (
    <section
      class={`wall ${big === undefined ? '' : 'wall-spot'} ${several ? 'wall-several' : ''}`}
      data-cameras={cameras.length}
      aria-label="Cameras"
    >
      {ordered.map((camera) => (
        <CameraTile
          key={camera.camera_id}
          camera={camera}
          big={camera.camera_id === big}
          onPick={several ? () => setPicked(camera.camera_id === big ? null : camera.camera_id) : undefined}
        />
      ))}
      <DayPanel />
    </section>
  );
}
