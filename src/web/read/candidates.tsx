import type { PlateEvent } from '../../contract/plate-event.ts';
import { Bar } from '../parts/plate.tsx';
import { EMPTY_QUERY, formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';

/** Candidates below this probability would be shown as 0%. */
const WORTH_SHOWING = 0.0005;

/** The most probable whole texts, likeliest first; each one starts a search. */
export function Candidates(props: { candidates: PlateEvent['plate']['candidates']; text: string }) {
  const { t, likelihood } = useWords();
  const ranked = props.candidates.filter(({ p }) => p >= WORTH_SHOWING).toSorted((a, b) => b.p - a.p);
  return (
    <section class="panel" aria-labelledby="candidates">
      <h2 id="candidates">{t.read.candidates}</h2>
      {ranked.length === 0 && <p class="quiet">{t.read.noCandidates}</p>}
      <ol class="candidates">
        {ranked.map(({ text, p }) => (
          <li key={text} class={text === props.text ? 'candidate chosen' : 'candidate'}>
            <a href={formatRoute({ screen: 'search', query: { ...EMPTY_QUERY, q: text } })} title={t.read.searchThis}>
              {text}
            </a>
            <Bar p={p} />
            <span>{likelihood(p)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
