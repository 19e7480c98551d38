import type { PlateEvent } from '../../contract/plate-event.ts';
import { normalizePlate } from '../../contract/plate-text.ts';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';

type Review = NonNullable<PlateEvent['review']>;

/** What a person decided about a read, when and why; beside a correction stands what the machine read. */
export function ReviewState({ event, review }: { event: PlateEvent; review: Review }) {
  const { t, minute } = useWords();
  const { action, by, reason, into } = review;
  const read = normalizePlate(event.plate.text_raw);
  const text = event.plate.text_normalized;
  const done = action ? t.review.done[action](by, minute(review.at)) : t.read.reviewed(by, minute(review.at), reason);
  return (
    <div class="review">
      <p>
        {done}
        {action && reason !== '' && <q>{reason}</q>}{' '}
        {into && <a href={formatRoute({ screen: 'read', id: into })}>{t.review.mergedInto}</a>}
      </p>
      {read !== text && (
        <p>
          {t.read.readAs} <del>{read || t.frame.noText}</del>, {t.review.correctedTo} <ins>{text}</ins>
        </p>
      )}
    </div>
  );
}
