import type { LiveMeta } from '../../contract/live.ts';
import { useWords } from '../speech.tsx';

type Track = LiveMeta['tracks'][number];

/** Height of a label on the screen, in CSS pixels. */
const LABEL_PX = 13;

/** Widths of a letter and of a digit of the percentage, as a share of the label's size; wide enough for any system font. */
const SIGN_WIDTH = 0.7;
const NUMBER_WIDTH = 0.6;

/** Draws the tracks of one picture over it: each plate's four corners, its text and confidence. */
export function Boxes({ meta, shownWidth }: { meta: LiveMeta; shownWidth: number }) {
  const scale = shownWidth > 0 ? meta.width / shownWidth : 1;
  return (
    <svg class="boxes" viewBox={`0 0 ${meta.width} ${meta.height}`} aria-hidden="true">
      {meta.tracks.map((track) => (
        <g key={track.id}>
          <polygon class="quad" points={track.quad.map(([x, y]) => `${x},${y}`).join(' ')} />
          <Label track={track} scale={scale} meta={meta} />
        </g>
      ))}
    </svg>
  );
}

function Label({ track, scale, meta }: { track: Track; scale: number; meta: LiveMeta }) {
  const words = useWords();
  const text = track.text === '' ? words.t.live.reading : track.text;
  const percent = track.text === '' ? '' : words.likelihood(track.confidence);
  const size = LABEL_PX * scale;
  const width = (text.length * SIGN_WIDTH + (percent ? percent.length * NUMBER_WIDTH + 0.5 : 0) + 1) * size;
  const height = size * 1.6;
  const left = Math.min(...track.quad.map(([x]) => x));
  const top = Math.min(...track.quad.map(([, y]) => y)) - height - 4 * scale;
  const bottom = Math.max(...track.quad.map(([, y]) => y)) + 4 * scale;
  const x = Math.max(0, Math.min(left, meta.width - width));
  const y = top >= 0 ? top : Math.min(bottom, meta.height - height);
  return (
    <g class="label" transform={`translate(${x} ${y})`}>
      <rect width={width} height={height} rx={size * 0.25} />
      <text x={size * 0.5} y={size * 1.14} font-size={size}>
        <tspan class="label-text">{text}</tspan>
        {percent && (
          <tspan class="label-percent" dx={size * 0.4} font-size={size * 0.85}>
            {percent}
          </tspan>
        )}
      </text>
    </g>
  );
}
