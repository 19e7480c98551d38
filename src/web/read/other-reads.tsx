import type { PlateEvent } from '../../contract/plate-event.ts';
import { useAnswer } from '../data/answer.ts';
import { fetchPlate } from '../data/client.ts';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { ReadRow } from '../parts/read-row.tsx';
import { EMPTY_QUERY, formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';

/** The other passages of the same plate text. */
export function OtherReads({ event }: { event: PlateEvent }) {
  const text = event.plate.text_normalized;
  if (text === '') return null;
  return <SameText event={event} text={text} />;
}

function SameText({ event, text }: { event: PlateEvent; text: string }) {
  const { t } = useWords();
  const { value, error, retry } = useAnswer(text, (signal) => fetchPlate(text, signal));
  const others = value?.events.filter((other) => other.event_id !== event.event_id);
  return (
    <section class="panel others" aria-labelledby="others">
      <h2 id="others">
        {t.read.others(text)}
        <a href={formatRoute({ screen: 'search', query: { ...EMPTY_QUERY, q: text, mode: 'fuzzy' } })}>
          {t.read.searchAlike}
        </a>
      </h2>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={2} kind="row" />}
      {others?.length === 0 && <p class="quiet">{t.read.noOthers}</p>}
      <ul class="rows">
        {others?.map((other) => (
          <ReadRow key={other.event_id} event={other} />
        ))}
      </ul>
    </section>
  );
}
