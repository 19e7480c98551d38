import { useRef } from 'preact/hooks';
import { useWords } from '../speech.tsx';
import { type Mark, movePoint, type Point } from './marks.ts';

/** How far an arrow key moves a point, and with Shift, in shares of the picture. */
const [STEP, LEAP] = [0.01, 0.05];
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Width of the drawing in its own units, and how far an arrow of a direction reaches. */
const WIDTH = 1000;
const REACH = 60;

type DrawingOptions = Readonly<{
  marks: readonly Mark[];
  chosen: number | undefined;
  picture: string | undefined;
  /** Width over height of the picture. */
  shape: number;
  onChange: (mark: Mark) => void;
  onChoose: (key: number) => void;
}>;

/** The picture of the camera with everything that is drawn on it; points are moved by mouse, finger and arrow keys. */
export function Drawing({ marks, chosen, picture, shape, onChange, onChoose }: DrawingOptions) {
  const { t } = useWords();
  const frame = useRef<SVGSVGElement>(null);
  const height = WIDTH / shape;
  const place = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = frame.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return [(clientX - left) / width, (clientY - top) / height];
  };
  const press = (event: KeyboardEvent, mark: Mark, index: number) => {
    const way = ARROWS[event.key];
    const [x, y] = mark.points[index] ?? [0, 0];
    if (!way) return;
    event.preventDefault();
    const by = event.shiftKey ? LEAP : STEP;
    onChange(movePoint(mark, index, [x + by * way[0], y + by * way[1]]));
  };
  return (
    <svg ref={frame} class="drawing" viewBox={`0 0 ${WIDTH} ${height}`}>
      <title>{t.cameras.drawn}</title>
      {picture ? (
        <image href={picture} width={WIDTH} height={height} preserveAspectRatio="none" />
      ) : (
        <rect class="drawing-ground" width={WIDTH} height={height} />
      )}
      {marks.map((mark) => (
        <g key={mark.key} class={`mark mark-${mark.kind} ${mark.key === chosen ? 'mark-chosen' : ''}`}>
          <polygon points={mark.points.map(([x, y]) => `${x * WIDTH},${y * height}`).join(' ')} />
          {mark.kind === 'line' && <Directions mark={mark} height={height} />}
          {mark.points.map(([x, y], index) => (
            // biome-ignore lint/a11y/useSemanticElements: a drawing has no buttons of its own
            <circle
              key={index}
              class="handle"
              cx={x * WIDTH}
              cy={y * height}
              r={14}
              tabIndex={0}
              role="button"
              aria-label={t.cameras.corner(mark.id || t.cameras.marks.mask, String(index + 1))}
              onFocus={() => onChoose(mark.key)}
              onKeyDown={(event) => press(event, mark, index)}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                onChoose(mark.key);
              }}
              onPointerMove={(event) =>
                event.currentTarget.hasPointerCapture(event.pointerId) && onChange(movePoint(mark, index, place(event)))
              }
            />
          ))}
        </g>
      ))}
    </svg>
  );
}

/** The two directions of a line by their names, each on the side that it leads to. */
function Directions({ mark, height }: { mark: Mark; height: number }) {
  const [a, b] = mark.points.map(([x, y]): Point => [x * WIDTH, y * height]);
  if (!a || !b) return null;
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  // To the right of whoever looks from the first end to the second.
  const [nx, ny] = [(-dy / length) * REACH, (dx / length) * REACH];
  return (
    <>
      {mark.directions.map((name, index) => {
        const sign = index === 0 ? 1 : -1;
        return (
          <g key={index} class="mark-direction">
            <line x1={x} y1={y} x2={x + sign * nx} y2={y + sign * ny} />
            <text x={x + sign * nx * 1.5} y={y + sign * ny * 1.5}>
              {name}
            </text>
          </g>
        );
      })}
    </>
  );
}
