import type { PlateEvent } from '../../contract/plate-event.ts';
import { addressOfImage } from '../data/client.ts';
import { StoredPicture } from '../parts/picture.tsx';
import { useWords } from '../speech.tsx';

type Point = Readonly<{ x: number; y: number }>;

/** The frame that the text came from, with the plate's corners and its path through the picture. */
export function FramePicture({ event }: { event: PlateEvent }) {
  const { t, number } = useWords();
  const picture = event.images?.frame;
  if (picture === undefined) return <NoFrame />;
  const { motion, plate } = event;
  return (
    <figure class="picture picture-frame">
      <a class="over" href={addressOfImage(picture.key)} target="_blank" rel="noreferrer" title={t.read.openPicture}>
        <StoredPicture picture={picture} alt={t.read.framePicture(event.camera_name || event.camera_id)} />
        <svg class="boxes" viewBox={`0 0 ${picture.w} ${picture.h}`} aria-hidden="true">
          <Path points={motion.path} unit={picture.w / 640} />
          <polygon class="quad" points={plate.quad.map(([x, y]) => `${x},${y}`).join(' ')} />
        </svg>
      </a>
      <figcaption>
        {t.read.frameSize(number(picture.w), number(picture.h))} <span class="key-quad">{t.read.plate}</span>{' '}
        {motion.path.length > 1 && <span class="key-path">{t.read.path}</span>}
      </figcaption>
    </figure>
  );
}

function NoFrame() {
  const { t } = useWords();
  return (
    <figure class="picture picture-frame">
      <StoredPicture picture={undefined} alt="" />
      <figcaption>{t.read.frame}</figcaption>
    </figure>
  );
}

function Path({ points, unit }: { points: readonly Point[]; unit: number }) {
  const [before, last] = points.slice(-2);
  return (
    <g class="path">
      <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} />
      {points.map(({ x, y }, index) => (
        <circle key={index} cx={x} cy={y} r={2.2 * unit} opacity={0.35 + (0.65 * (index + 1)) / points.length} />
      ))}
      {before && last && <path class="path-head" d={drawArrow(before, last, 9 * unit)} />}
    </g>
  );
}

function drawArrow(from: Point, to: Point, size: number): string {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const corner = (turn: number) => `${to.x - size * Math.cos(angle + turn)},${to.y - size * Math.sin(angle + turn)}`;
  return `M${corner(0.45)} L${to.x},${to.y} L${corner(-0.45)} Z`;
}
