import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { useWords } from '../speech.tsx';
import '../styles/chart.css';

/** What is drawn: a value for each point, null where there is none. */
export type Series = Readonly<{
  name: string;
  values: readonly (number | null)[];
  kind?: 'line' | 'bars';
  tone?: 'accent' | 'quiet' | 'good' | 'fair' | 'bad';
}>;

type ChartOptions = Readonly<{
  /** What it shows, without its values. */
  title: string;
  /** The points from left to right by their names: hours, days, cameras … */
  points: readonly string[];
  series: readonly Series[];
  format: (value: number) => string;
  /** The lowest and the highest value on the axis; from 0 to the highest of the series if left out. */
  range?: readonly [number, number];
  height?: number;
}>;

type Drawing = Readonly<{ plot: uPlot; [Symbol.dispose]: () => void }>;

/**
 * Lines and bars over the same points. The point under the pointer, or chosen by the slider, is told in words; all of them stand in a
 * table behind a button, which is open where nothing can be drawn.
 */
export function Chart(options: ChartOptions) {
  const { title, points, series, format } = options;
  const holder = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing>(null);
  const [pointed, setPointed] = useState<number>();
  const [isPlain, setPlain] = useState(false);
  const look = useLook();
  const content = JSON.stringify([points, series, options.range, options.height]);
  useEffect(() => {
    let isOver = false;
    import('uplot')
      .then(({ default: Plot }) => {
        if (!isOver && holder.current) drawing.current = draw(Plot, holder.current, options, setPointed);
      })
      // The library is not to be had, or the browser names a language that there is not.
      .catch(() => isOver || setPlain(true));
    return () => {
      isOver = true;
      drawing.current?.[Symbol.dispose]();
      drawing.current = null;
    };
  }, [content, look]);
  const shown = Math.min(pointed ?? Number.POSITIVE_INFINITY, points.length - 1);
  const tell = (value: number | null | undefined) => (value === null || value === undefined ? '–' : format(value));
  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b>
        <output>
          {points[shown]}
          {series.map(({ name, values, tone = 'accent' }) => (
            <span key={name} class="chart-name">
              <i class={`chart-tone chart-${tone}`} /> {name} <b>{tell(values[shown])}</b>
            </span>
          ))}
        </output>
      </figcaption>
      <div ref={holder} class="chart-plot" aria-hidden="true" />
      <input
        class="chart-slider"
        type="range"
        min={0}
        max={points.length - 1}
        value={shown}
        aria-label={title}
        aria-valuetext={[points[shown], ...series.map(({ name, values }) => `${name} ${tell(values[shown])}`)].join(
          ', ',
        )}
        onInput={({ currentTarget: { valueAsNumber: next } }) => {
          const { plot } = drawing.current ?? {};
          setPointed(next);
          plot?.setCursor({ left: plot.valToPos(next, 'x'), top: 0 });
        }}
      />
      <ChartTable points={points} series={series} tell={tell} isOpen={isPlain} />
    </figure>
  );
}

type Told = Pick<ChartOptions, 'points' | 'series'> &
  Readonly<{ tell: (value: number | null | undefined) => string; isOpen: boolean }>;

function ChartTable({ points, series, tell, isOpen }: Told) {
  const { t } = useWords();
  return (
    <details open={isOpen}>
      <summary>{t.frame.asTable}</summary>
      <table>
        <thead>
          <tr>
            <td />
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point, index) => (
            <tr key={index}>
              <th scope="row">{point}</th>
              {series.map(({ name, values }) => (
                <td key={name}>{tell(values[index])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Changes with the colours of the page: a canvas does not follow them by itself. */
function useLook(): number {
  const [look, setLook] = useState(0);
  useEffect(() => {
    const again = () => setLook((count) => count + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    const chosen = new MutationObserver(again);
    system.addEventListener('change', again);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      system.removeEventListener('change', again);
      chosen.disconnect();
    };
  }, []);
  return look;
}

/** Steps between the names under a chart. */
const STEPS = [1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 168, 336, 504, 720, 1440, 2160, 4320, 8784];
const HEIGHT = 170;

function draw(
  Plot: typeof uPlot,
  holder: HTMLElement,
  { points, series, format, range, height = HEIGHT }: ChartOptions,
  onPoint: (index: number) => void,
): Drawing {
  const { color, borderTopColor, font } = getComputedStyle(holder);
  // The tones are read where they are applied: a canvas knows no variables of CSS.
  const tones = [...(holder.parentElement?.querySelectorAll('.chart-tone') ?? [])];
  const colours = tones.map((tone) => getComputedStyle(tone).color);
  const half = series.some(({ kind }) => kind === 'bars') ? 0.5 : 0;
  const highest = Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const [low, high] = range ?? [0, highest > 0 ? highest * 1.05 : 1];
  const longest = Math.max(...points.map((point) => point.length));
  const axis = { stroke: color, font, ticks: { show: false } };
  const plot = new Plot(
    {
      width: Math.max(holder.clientWidth, 100),
      height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false },
      scales: { x: { time: false, range: [-half, points.length - 1 + half] }, y: { range: [low, high] } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 30,
          incrs: STEPS,
          space: 14 + 7 * longest,
          values: (_, splits) => splits.map((at) => points[at] ?? ''),
        },
        {
          ...axis,
          grid: { stroke: borderTopColor, width: 1 },
          size: 56,
          // Without a value above 0 the axis has no scale to tell.
          values: (_, splits) => splits.map((split) => (split > 0 && !range && highest === 0 ? '' : format(split))),
        },
      ],
      series: [
        {},
        ...series.map(({ kind = 'line' }, index) => {
          const colour = colours[index] ?? color;
          const bars = kind === 'bars' && Plot.paths.bars?.({ size: [0.7, 60] });
          return bars
            ? { stroke: colour, fill: colour, paths: bars, points: { show: false } }
            : { stroke: colour, width: 2, points: { size: 5 } };
        }),
      ],
      // Where the pointer has left, what it pointed to last stays.
      hooks: { setCursor: [({ cursor: { idx } }) => typeof idx === 'number' && onPoint(idx)] },
    },
    [points.map((_, index) => index), ...series.map(({ values }) => [...values])],
    holder,
  );
  const sizing = new ResizeObserver(() => plot.setSize({ width: Math.max(holder.clientWidth, 100), height }));
  sizing.observe(holder);
  return {
    plot,
    [Symbol.dispose]: () => {
      sizing.disconnect();
      plot.destroy();
    },
  };
}
