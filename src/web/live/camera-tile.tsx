import type { CameraStatus } from '../../contract/live.ts';
import { CameraState } from '../parts/camera-state.tsx';
import { useServices } from '../services.ts';
import { countOf } from '../words.ts';
import { Boxes } from './boxes.tsx';
import { useLivePicture } from './live-picture.ts';

/** `big` and `onPick` serve walls that show one camera larger than the others. */
type TileOptions = Readonly<{ camera: CameraStatus; big: boolean; onPick: (() => void) | undefined }>;

/** A camera's picture with its tracks; if the camera does not run, the reason. */
export function CameraTile({ camera, big, onPick }: TileOptions) {
  const { feed } = useServices();
  const { canvas, meta } = useLivePicture(camera.camera_id, feed.boxesOf(camera.camera_id));
  const running = camera.state === 'running';
  const inView = meta?.tracks.length ?? 0;
  const shape = camera.width > 0 && camera.height > 0 ? `${camera.width} / ${camera.height}` : '16 / 9';
  return (
    <article class={`tile ${running ? '' : 'tile-still'} ${big ? 'tile-big' : ''}`} data-camera={camera.camera_id}>
      <div class="tile-picture" style={{ aspectRatio: shape }}>
        <canvas
          ref={canvas}
          class={meta ? 'tile-canvas' : 'tile-canvas tile-canvas-empty'}
          role="img"
          aria-label={`Picture of ${camera.name}, ${countOf(inView, 'plate')} in view`}
        />
        {meta && running && <Boxes meta={meta} shownWidth={canvas.current?.clientWidth ?? 0} />}
        {!meta && running && <div class="skeleton skeleton-fill" />}
        {!running && (
          <div class="tile-message">
            <CameraState camera={camera} />
            <p>{camera.message}</p>
          </div>
        )}
      </div>
      <TileFoot camera={camera} big={big} onPick={onPick} inView={inView} />
    </article>
  );
}

function TileFoot({ camera, big, onPick, inView }: TileOptions & Readonly<{ inView: number }>) {
  return (
    <footer class="tile-foot">
      <h3>
        {onPick ? (
          <button type="button" class="tile-pick" aria-pressed={big} title="Show larger" onClick={onPick}>
            {camera.name}
          </button>
        ) : (
          camera.name
        )}
      </h3>
      {camera.state === 'running' && (
        <>
          <CameraState camera={camera} />
          <span>{camera.fps_processed.toFixed(camera.fps_processed < 10 ? 1 : 0)} fps</span>
          <span class="tile-view">{inView === 0 ? 'nothing in view' : `${countOf(inView, 'plate')} in view`}</span>
        </>
      )}
    </footer>
  );
}
