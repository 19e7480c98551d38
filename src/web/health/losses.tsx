import { Bar } from '../parts/plate.tsx';
import { useWords } from '../speech.tsx';
import { wordFor } from '../words.ts';

/** Why plates were lost, the commonest reason first, each as a bar. */
export function Losses({ losses, most }: { losses: Readonly<Record<string, number>>; most?: number }) {
  const { t, number } = useWords();
  const reasons = Object.entries(losses).toSorted(([, a], [, b]) => b - a);
  const all = reasons.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return <span class="quiet">{t.frame.none}</span>;
  return (
    <ul class="losses">
      {reasons.slice(0, most).map(([reason, count]) => (
        <li key={reason}>
          <span>{wordFor(t.read.rejections, reason)}</span>
          <Bar p={count / all} tone="low" />
          <span>{number(count)}</span>
        </li>
      ))}
    </ul>
  );
}
