import type { PlateEvent } from '../../contract/plate-event.ts';
import { addressOfEvidence } from '../data/client.ts';
import { fileAt } from '../data/download.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { DownloadButton } from '../parts/download.tsx';
import { Icon } from '../parts/icon.tsx';
import { formatRoute } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';

/** What can be done with a read: go to its plate, decide on it, copy, print, take the evidence away. */
export function ReadTools({ event }: { event: PlateEvent }) {
  const { t } = useWords();
  const { may } = useServices();
  const text = event.plate.text_normalized;
  return (
    <div class="read-tools">
      {may('search') && text !== '' && (
        <a class="button" href={formatRoute({ screen: 'plates', text })}>
          <Icon name="history" /> {t.plates.history}
        </a>
      )}
      {may('events:write') && (
        <a class="button" href={formatRoute({ screen: 'review', id: event.event_id })}>
          <Icon name="check" /> {t.review.reviewThis}
        </a>
      )}
      {text !== '' && <CopyButton text={text} />}
      <button type="button" class="button" onClick={() => window.print()}>
        <Icon name="print" /> {t.review.print}
      </button>
      {may('export') && <DownloadButton load={fileAt(addressOfEvidence(event.event_id))} label={t.review.evidence} />}
    </div>
  );
}
