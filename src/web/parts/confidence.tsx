import { formatPercent, gradeConfidence } from '../words.ts';
import { Bar } from './plate.tsx';

/** A calibrated probability as a number over a calm bar. */
export function Confidence({ p }: { p: number }) {
  const grade = gradeConfidence(p);
  return (
    <span
      class={`confidence confidence-${grade}`}
      title={`Probability that the whole text is right: ${formatPercent(p)}`}
    >
      <span class="confidence-number">{formatPercent(p)}</span>
      <Bar p={p} tone={grade} />
    </span>
  );
}
