import './read-print.css';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { useAnswer } from '../data/answer.ts';
import { useCell } from '../data/cell.ts';
import { addressOfEvent, fetchEvent } from '../data/client.ts';
import { EventNotes } from '../notes/notes.tsx';
import { AlertMarks } from '../parts/alert-marks.tsx';
import { Confidence } from '../parts/confidence.tsx';
import { Icon } from '../parts/icon.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { StoredPicture } from '../parts/picture.tsx';
import { Plate } from '../parts/plate.tsx';
import { Status } from '../parts/status.tsx';
import { Ago } from '../parts/time.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { Candidates } from './candidates.tsx';
import { Characters } from './characters.tsx';
import { Facts, Frames } from './facts.tsx';
import { FramePicture } from './frame-picture.tsx';
import type { Neighbours } from './neighbours.ts';
import { OtherReads } from './other-reads.tsx';
import { ReadTools } from './read-tools.tsx';
import { ReviewState } from './review-state.tsx';
import { Revisions } from './revisions.tsx';
import { useSwipe } from './swipe.ts';
import { WayPanel } from './way-panel.tsx';

/** The reads beside the open one, and how to open them. */
export type Turn = Neighbours & Readonly<{ by: (by: 1 | -1) => void }>;

/** Everything known about one read; it reloads when the stream announces a new revision. */
export function ReadScreen({ id, onClose, turn }: { id: string; onClose: () => void; turn: Turn }) {
  const { t } = useWords();
  const reads = useCell(useServices().feed.reads);
  const listed = reads?.find((read) => read.event.event_id === id)?.event;
  const answer = useAnswer(`${id} ${listed?.revision ?? ''}`, (signal) => fetchEvent(id, signal));
  const event = answer.value?.event ?? listed;
  const swipe = useSwipe(turn.by);
  return (
    <main class="screen read" id="content" {...swipe}>
      <nav class="read-nav" aria-label={t.frame.names.read}>
        <button type="button" class="button" onClick={onClose}>
          <Icon name="back" /> {t.frame.back} <kbd>Esc</kbd>
        </button>
        <TurnButtons {...turn} />
        <a class="button read-json" href={addressOfEvent(id)} target="_blank" rel="noreferrer">
          JSON <Icon name="link" />
        </a>
      </nav>
      {answer.error !== undefined && <Problem error={answer.error} retry={answer.retry} />}
      {event ? (
        <Details key={event.event_id} event={event} revisions={answer.value?.revisions} />
      ) : (
        answer.error === undefined && <Skeleton rows={5} kind="row" />
      )}
    </main>
  );
}

function TurnButtons({ previous, next, by }: Turn) {
  const { t } = useWords();
  if (previous === undefined && next === undefined) return null;
  return (
    <span class="read-turn">
      <button
        type="button"
        class="button"
        aria-label={t.read.previousRead}
        disabled={previous === undefined}
        onClick={() => by(-1)}
      >
        <Icon name="back" /> <span class="turn-word">{t.read.previous}</span>
      </button>
      <button
        type="button"
        class="button"
        aria-label={t.read.nextRead}
        disabled={next === undefined}
        onClick={() => by(1)}
      >
        <span class="turn-word">{t.read.next}</span> <Icon name="next" />
      </button>
    </span>
  );
}

function Details({ event, revisions }: { event: PlateEvent; revisions: readonly PlateEvent[] | undefined }) {
  return (
    <article class="details" data-event={event.event_id} data-revision={event.revision}>
      <Headline event={event} />
      <ReadTools event={event} />
      <div class="details-pictures">
        <FramePicture event={event} />
        <div class="details-pair">
          <VehiclePicture event={event} />
          <Frames event={event} />
        </div>
      </div>
      <div class="details-text">
        <PlatePicture event={event} />
        <Characters plate={event.plate} />
        <Candidates candidates={event.plate.candidates} text={event.plate.text_normalized} />
        <Revisions revisions={revisions} />
        <EventNotes id={event.event_id} />
      </div>
      <Facts event={event} />
      <WayPanel id={event.event_id} revision={event.revision} />
      <OtherReads event={event} />
    </article>
  );
}

function Headline({ event }: { event: PlateEvent }) {
  const { t, moment, number } = useWords();
  const { plate, review } = event;
  return (
    <header class="headline">
      <h1>
        <Plate text={review?.text ?? plate.text_normalized} chars={plate.chars} region={plate.region} big />
      </h1>
      <Confidence p={plate.confidence} />
      <dl class="headline-facts">
        <div>
          <dt>{t.frame.camera}</dt>
          <dd>{event.camera_name || event.camera_id}</dd>
        </div>
        <div>
          <dt>{t.read.seen}</dt>
          <dd>
            {moment(event.time.first_seen)} <Ago at={event.time.first_seen} />
          </dd>
        </div>
        <div>
          <dt>{t.read.state}</dt>
          <dd>
            <Status status={event.status} />{' '}
            {review === null && <span class="quiet">{t.read.revision(number(event.revision))}</span>}
          </dd>
        </div>
      </dl>
      <AlertMarks id={event.event_id} />
      {review && <ReviewState event={event} review={review} />}
    </header>
  );
}

function PlatePicture({ event }: { event: PlateEvent }) {
  const { t } = useWords();
  return (
    <figure class="picture picture-plate">
      <StoredPicture picture={event.images?.plate} alt={t.read.platePicture(event.plate.text_normalized)} />
    </figure>
  );
}

function VehiclePicture({ event }: { event: PlateEvent }) {
  const { t } = useWords();
  return (
    <figure class="picture picture-vehicle">
      <StoredPicture picture={event.images?.vehicle} alt={t.read.vehiclePicture(event.plate.text_normalized)} />
    </figure>
  );
}
