import type { PlateEvent } from '../../contract/plate-event.ts';
import { Icon } from '../parts/icon.tsx';
import { Skeleton } from '../parts/notice.tsx';
import { Status } from '../parts/status.tsx';
import { Time } from '../parts/time.tsx';
import { useWords } from '../speech.tsx';

/** Every revision of the event, newest first, with changed characters marked. */
export function Revisions({ revisions }: { revisions: readonly PlateEvent[] | undefined }) {
  const { t } = useWords();
  const ordered = revisions?.toSorted((a, b) => a.revision - b.revision) ?? [];
  return (
    <section class="panel" aria-labelledby="revisions">
      <h2 id="revisions">{t.read.revisions}</h2>
      {revisions === undefined && <Skeleton rows={2} />}
      <ol class="revisions">
        {ordered
          .map((revision, index) => <Revision key={revision.revision} event={revision} before={ordered[index - 1]} />)
          .toReversed()}
      </ol>
    </section>
  );
}

function Revision({ event, before }: { event: PlateEvent; before: PlateEvent | undefined }) {
  const { likelihood, number } = useWords();
  const by = event.review?.by;
  const old = before?.plate.text_normalized;
  return (
    <li class={`revision revision-${event.status}`}>
      <span class="revision-number">{event.review ? <Icon name="person" /> : number(event.revision)}</span>
      <span class="revision-text">
        {[...event.plate.text_normalized].map((c, index) => {
          const same = old === undefined || old[index] === c;
          return same ? <span key={index}>{c}</span> : <mark key={index}>{c}</mark>;
        })}
        {by !== undefined && <small class="quiet revision-by">{by}</small>}
      </span>
      <span>{likelihood(event.plate.confidence)}</span>
      <Status status={event.status} />
      <Time at={event.time.published} />
    </li>
  );
}
