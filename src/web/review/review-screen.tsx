import './review.css';
import { useEffect, useMemo } from 'preact/hooks';
import type { Decided, Queue } from '../../contract/api/review.ts';
import { useCell } from '../data/cell.ts';
import { fetchEvent } from '../data/client.ts';
import { explainError } from '../data/explain-error.ts';
import { request } from '../data/request.ts';
import { ListExport } from '../parts/export-buttons.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Skeleton } from '../parts/notice.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { Desk, type DeskState } from './desk.ts';
import { PreloadedPictures } from './pictures.tsx';
import { ReadOnDesk } from './read-on-desk.tsx';
import { useReviewKeys } from './review-keys.ts';

/** So often the reads on the desk are kept for this person for longer, milliseconds. */
const KEEP_EVERY_MS = 60_000;

/** The reads in doubt one after the other, or the one with this id, for a person who decides by keys or on a phone. */
export function ReviewScreen({ id }: { id: string | undefined }) {
  const { t, countOf } = useWords();
  const desk = useMemo(() => openDesk(id), [id]);
  const state = useCell(desk.state);
  useEffect(() => {
    void desk.take();
    const timer = setInterval(() => document.hidden || void desk.take(), KEEP_EVERY_MS);
    return () => clearInterval(timer);
  }, [desk]);
  const [read, ...others] = state.reads;
  return (
    <main class="screen review-screen" id="content">
      <header class="review-top">
        <h1>{t.review.title}</h1>
        {state.waiting !== undefined && id === undefined && (
          <p class="quiet">
            {t.review.waiting(countOf(state.waiting, t.frame.reads))} ·{' '}
            {t.review.decided(countOf(state.done, t.frame.reads))}
          </p>
        )}
        {id === undefined && <ListExport list={{ path: '/review/queue?limit=50', rows: 'reads' }} />}
      </header>
      <Trouble desk={desk} state={state} />
      {read === undefined ? (
        <NothingLeft desk={desk} state={state} id={id} />
      ) : (
        <ReadOnDesk
          key={`${read.event.event_id} ${read.event.revision}`}
          read={read}
          desk={desk}
          canGoBack={state.canGoBack}
        />
      )}
      <PreloadedPictures reads={others.slice(0, 2)} />
    </main>
  );
}

function openDesk(id: string | undefined): Desk {
  const take = async (limit: number): Promise<Queue> => {
    if (id === undefined) return request(`/review/queue?limit=${limit}`);
    const { event } = await fetchEvent(id);
    return { reads: [{ event, doubt: 1 - event.plate.confidence, why: [] }], until: '', waiting: 1 };
  };
  return new Desk({
    take,
    decide: (event, decision) => request<Decided>(`/events/${event}/review`, { method: 'POST', body: decision }),
  });
}

type NothingLeftOptions = Readonly<{ desk: Desk; state: DeskState; id: string | undefined }>;

function NothingLeft({ desk, state, id }: NothingLeftOptions) {
  const { t, countOf } = useWords();
  const goBack = () => void desk.goBack();
  useReviewKeys('look', { goBack });
  if (state.waiting === undefined) return <Skeleton rows={4} kind="row" />;
  const back = state.canGoBack && (
    <button type="button" class="button" onClick={goBack}>
      {t.review.goBack} <kbd>u</kbd>
    </button>
  );
  if (id !== undefined) {
    return (
      <Empty icon="check" title={state.done > 0 ? t.review.stored : t.review.empty}>
        <a href={formatRoute({ screen: 'read', id })}>{t.review.showIt}</a>
        {back}
      </Empty>
    );
  }
  if (state.skipped > 0) {
    return (
      <Empty icon="check" title={t.review.allSkipped(countOf(state.skipped, t.frame.reads))}>
        <button type="button" class="button" onClick={() => void desk.takeSkipped()}>
          {t.review.lookAgain}
        </button>
        {back}
      </Empty>
    );
  }
  return (
    <Empty icon="check" title={t.review.empty}>
      <p>{t.review.emptyWhy}</p>
      {back}
    </Empty>
  );
}

function Trouble({ desk, state }: { desk: Desk; state: DeskState }) {
  const words = useWords();
  const { t } = words;
  if (state.trouble === undefined) return null;
  const { error, event } = state.trouble;
  const { code, message } = explainError(error, words);
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <p>
        {event !== undefined && `${t.review.notTaken}: `}
        {code === 'CONFLICT' ? t.review.taken : message} <code>{code}</code>{' '}
        {event !== undefined && <a href={formatRoute({ screen: 'read', id: event })}>{t.review.showIt}</a>}
      </p>
      <button type="button" class="button" onClick={() => desk.forgive()}>
        {t.frame.close}
      </button>
    </div>
  );
}
