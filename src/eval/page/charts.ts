import type { ConfidenceScore, ReliabilityBin } from '../score-confidence.ts';

const SIZE = 300;
const EDGE = 36;
const SPAN = SIZE - 2 * EDGE;

const toX = (share: number) => (EDGE + share * SPAN).toFixed(1);
const toY = (share: number) => (SIZE - EDGE - share * SPAN).toFixed(1);

/** What was said against what came true: a dot for each bin, as large as its share, with the diagonal of a perfect reader. */
export function drawReliability(bins: readonly ReliabilityBin[], title: string): string {
  const most = Math.max(...bins.map(({ n }) => n));
  const dots = bins.map(({ confidence, accuracy, n }) => {
    const tip = `said ${percent(confidence)}, right ${percent(accuracy)}, ${n} texts`;
    const radius = (3 + 5 * Math.sqrt(n / most)).toFixed(1);
    return `<line x1="${toX(confidence)}" y1="${toY(confidence)}" x2="${toX(confidence)}" y2="${toY(accuracy)}" stroke="var(--bad)"/><circle cx="${toX(confidence)}" cy="${toY(accuracy)}" r="${radius}" fill="var(--accent)"><title>${tip}</title></circle>`;
  });
  const diagonal = `<line x1="${toX(0)}" y1="${toY(0)}" x2="${toX(1)}" y2="${toY(1)}" stroke="currentColor" opacity=".4" stroke-dasharray="4 4"/>`;
  return drawFrame({ title, across: 'confidence', up: 'share right', body: diagonal + dots.join('') });
}

/** Errors among the surest share of texts. */
export function drawRisk(risk: ConfidenceScore['risk']): string {
  const most = Math.max(0.01, ...risk.map((point) => point.risk));
  const points = risk.map((point) => `${toX(point.coverage)},${toY(point.risk / most)}`).join(' ');
  const dots = risk.map(
    (point) =>
      `<circle cx="${toX(point.coverage)}" cy="${toY(point.risk / most)}" r="4" fill="var(--accent)"><title>surest ${percent(point.coverage)}: ${percent(point.risk)} wrong, confidence from ${percent(point.least)}</title></circle>`,
  );
  const body = `<polyline points="${points}" fill="none" stroke="var(--accent)" stroke-width="2"/>${dots.join('')}`;
  return drawFrame({ title: 'Risk and coverage', across: 'surest share kept', up: 'wrong', body, top: most });
}

type Frame = Readonly<{ title: string; across: string; up: string; body: string; top?: number }>;

function drawFrame({ title, across, up, body, top = 1 }: Frame): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${toX(0)}" x2="${toX(1)}" y1="${toY(share)}" y2="${toY(share)}" stroke="var(--line)"/><text x="${EDGE - 4}" y="${Number(toY(share)) + 4}" text-anchor="end">${percent(share * top)}</text><text x="${toX(share)}" y="${SIZE - EDGE + 14}" text-anchor="middle">${percent(share)}</text>`,
  );
  return `<svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="${title}"><text x="${SIZE / 2}" y="16" text-anchor="middle" font-weight="600">${title}</text>${ticks.join('')}<text x="${SIZE / 2}" y="${SIZE - 4}" text-anchor="middle">${across}</text><text x="${EDGE}" y="${EDGE - 8}">${up}</text>${body}</svg>`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${Number.isInteger(value) || value >= 10 ? value.toFixed(0) : value.toFixed(1)} %`;
}
