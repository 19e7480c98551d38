import { useState } from 'preact/hooks';

const HEIGHT = 60;
const STEP = 12;

type Bar = Readonly<{ name: string; value: number }>;

/** Counts as bars; the bar under the pointer is told in words, and all of them to screen readers. */
export function BarChart({ label, bars, tell }: { label: string; bars: readonly Bar[]; tell: (bar: Bar) => string }) {
  const [pointed, setPointed] = useState<Bar>();
  const most = Math.max(...bars.map(({ value }) => value), 1);
  const told = bars.filter(({ value }) => value > 0).map(tell);
  return (
    <figure class="rule-chart">
      <svg
        viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={[label, ...told].join('; ')}
        onPointerLeave={() => setPointed(undefined)}
      >
        {bars.map((bar, index) => {
          const height = bar.value === 0 ? 1.5 : Math.max((bar.value / most) * (HEIGHT - 2), 3);
          return (
            <g key={bar.name} onPointerEnter={() => setPointed(bar)}>
              <rect class="rule-bar-reach" x={index * STEP} width={STEP} height={HEIGHT} />
              <rect class="rule-bar" x={index * STEP + 1.5} width={STEP - 3} y={HEIGHT - height} height={height} />
            </g>
          );
        })}
      </svg>
      <figcaption>{pointed ? tell(pointed) : label}</figcaption>
    </figure>
  );
}
