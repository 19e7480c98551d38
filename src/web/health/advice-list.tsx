import type { Advice } from '../../contract/api/camera-quality.ts';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../speech.tsx';
import { nameIn, type Words, wordFor } from '../words.ts';
import { sayDrift } from './say-drift.ts';

/** What to do about a camera, or that nothing is to be done. */
export function AdviceList({ advice }: { advice: readonly Advice[] }) {
  const words = useWords();
  if (advice.length === 0) {
    return (
      <p class="sign sign-ok">
        <Icon name="check" /> {words.t.health.well}
      </p>
    );
  }
  return (
    <ul class="advice">
      {advice.map((one) => (
        <li key={JSON.stringify(one)} data-advice={one.code}>
          <Icon name="warning" /> <span>{sayAdvice(one, words)}</span>
        </li>
      ))}
    </ul>
  );
}

/** One piece of advice as sentences: what is the matter, and what helps. */
function sayAdvice(advice: Advice, words: Words): string {
  const { t, percent, number, countOf } = words;
  const { says } = t.health;
  switch (advice.code) {
    case 'down':
      return says.down(wordFor(t.frame.cameraStates, advice.state));
    case 'silent':
      return says.silent(countOf(advice.before, t.health.passages));
    case 'fallen':
      return says.fallen(percent(advice.share), percent(advice.usual));
    case 'loss': {
      const { reason, share, passages } = advice;
      const lost = says.loss(wordFor(t.read.rejections, reason), percent(share), countOf(passages, t.health.passages));
      return `${lost} ${nameIn(says.remedies, reason) ?? says.look}`;
    }
    case 'no_plate':
      return says.noPlate(percent(advice.share), number(advice.vehicles));
    case 'small':
      return says.small(number(advice.height, 1), number(advice.needed));
    case 'night':
      return says.night(percent(advice.night), percent(advice.day));
    case 'slow':
      return says.slow(percent(advice.share), advice.provider.toUpperCase());
    case 'clock':
      return says.clock(number(Math.abs(advice.seconds)));
    case 'drift':
      return sayDrift(advice, words);
  }
}
