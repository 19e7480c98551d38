import { useWords } from '../speech.tsx';
import { gradeConfidence } from '../words.ts';
import { Bar } from './plate.tsx';

/** A calibrated probability as a number over a calm bar. */
export function Confidence({ p }: { p: number }) {
  const { t, likelihood, likelihoodInWords } = useWords();
  const grade = gradeConfidence(p);
  return (
    <span class={`confidence confidence-${grade}`} title={t.frame.confidenceMeans(likelihoodInWords(p))}>
      <span class="confidence-number">{likelihood(p)}</span>
      <Bar p={p} tone={grade} />
    </span>
  );
}
