import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CameraStatus } from '../../contract/live.ts';
import { CameraState } from '../parts/camera-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { Boxes } from './boxes.tsx';
import { useLivePicture } from './live-picture.ts';

/** `large` is the largest of the wall, `full` fills the window. */
type TileOptions = Readonly<{
  camera: CameraStatus;
  size: 'small' | 'large' | 'full';
  /** Whether a phone shows it first. */
  isFirst: boolean;
  onPick: () => void;
  onFull: () => void;
}>;

/** A camera's picture with its tracks; if the camera does not run, the reason. */
export function CameraTile(options: TileOptions) {
  const { camera, size, isFirst } = options;
  const { feed } = useServices();
  const { t, countOf } = useWords();
  const { canvas, meta } = useLivePicture(camera.camera_id, feed.boxesOf(camera.camera_id));
  const box = useBox(canvas);
  const tile = useRef<HTMLElement>(null);
  useEffect(() => {
    // A row of tiles closes up when one leaves it, and would show another one afterwards.
    const comeBack = () => tile.current?.scrollIntoView({ block: 'nearest', inline: 'start' });
    return size === 'full' ? comeBack : undefined;
  }, [size]);
  const running = camera.state === 'running';
  const found = meta?.tracks.length ? t.live.found(countOf(meta.tracks.length, t.frame.plates)) : t.live.noneFound;
  const shape = camera.width > 0 && camera.height > 0 ? `${camera.width} / ${camera.height}` : '16 / 9';
  return (
    <article
      ref={tile}
      class={`tile tile-${size} ${running ? '' : 'tile-still'} ${isFirst ? 'tile-first' : ''}`}
      data-camera={camera.camera_id}
    >
      <div class="tile-picture" style={{ '--shape': shape }}>
        <canvas
          ref={canvas}
          class={meta ? 'tile-canvas' : 'tile-canvas tile-canvas-empty'}
          role="img"
          aria-label={t.live.picture(camera.name, found)}
        />
        {meta && running && <Boxes meta={meta} shownWidth={fitWidth(meta, box)} />}
        {!meta && running && <div class="skeleton skeleton-fill" />}
        {!running && (
          <div class="tile-message">
            <CameraState camera={camera} />
            <p>{camera.message}</p>
          </div>
        )}
      </div>
      <TileFoot {...options} found={found} />
    </article>
  );
}

type Box = Readonly<{ width: number; height: number }>;

/** Width of a picture that lies whole in a box, which may be wider or higher. */
function fitWidth(picture: Box, box: Box): number {
  return Math.min(box.width, (box.height * picture.width) / picture.height);
}

/** Size of an element on the screen, kept up to date. */
function useBox(element: RefObject<Element | null>): Box {
  const [box, setBox] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setBox(entry.contentRect));
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return box;
}

function TileFoot({ camera, size, onPick, onFull, found }: TileOptions & Readonly<{ found: string }>) {
  const { t, number } = useWords();
  const full = size === 'full';
  return (
    <footer class="tile-foot">
      <h2>
        <button
          type="button"
          class="tile-pick"
          aria-pressed={size !== 'small'}
          title={size === 'small' ? t.live.larger : t.live.smaller}
          onClick={onPick}
        >
          {camera.name}
        </button>
      </h2>
      {camera.state === 'running' && (
        <>
          <CameraState camera={camera} />
          <span>{t.live.fps(number(camera.fps_processed, camera.fps_processed < 10 ? 1 : 0))}</span>
          <span class="tile-view">{found}</span>
        </>
      )}
      <button
        type="button"
        class="round tile-fill"
        aria-label={full ? t.live.leaveWith(camera.name) : t.live.fillWith(camera.name)}
        title={full ? t.live.leave : t.live.fill}
        onClick={onFull}
      >
        <Icon name={full ? 'close' : 'expand'} />
      </button>
    </footer>
  );
}
