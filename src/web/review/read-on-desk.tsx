import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Status } from '../parts/status.tsx';
import { Ago } from '../parts/time.tsx';
import { nameRegion } from '../regions.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { Actions } from './actions.tsx';
import type { Desk, QueuedRead } from './desk.ts';
import { chooseOption, type Draft, moveDraft, readDraft, startDraft, writeDraft } from './draft.ts';
import { Merge } from './merge.tsx';
import { Pictures } from './pictures.tsx';
import { Reasons, useReason } from './reasons.tsx';
import { Reject } from './reject.tsx';
import { type Mode, useReviewKeys } from './review-keys.ts';
import { Signs, TextBox } from './signs.tsx';

type Options = Readonly<{ read: QueuedRead; desk: Desk; canGoBack: boolean }>;

/** The read to decide on, with all that a decision needs. */
export function ReadOnDesk({ read, desk, canGoBack }: Options) {
  const { t } = useWords();
  const { may } = useServices();
  const { event } = read;
  const [draft, setDraft] = useState<Draft>(() => startDraft(event.plate));
  const [mode, setMode] = useState<Mode>('look');
  const reason = useReason('correct');
  const text = readDraft(draft);
  const isChanged = text !== event.plate.text_normalized;
  const canSave = text !== '' && (!isChanged || reason.text !== '');
  const save = () => {
    if (!canSave) return;
    desk.decide(isChanged ? { action: 'correct', text, reason: reason.text } : { action: 'confirm' });
  };
  const actions = {
    save,
    type: () => setMode('type'),
    reject: () => setMode('reject'),
    merge: () => may('search') && setMode('merge'),
    skip: () => desk.skip(),
    goBack: () => void desk.goBack(),
    leave: () => setMode('look'),
    move: (by: 1 | -1) => setDraft((before) => moveDraft(before, by)),
    choose: (option: number) => setDraft((before) => chooseOption(before, option)),
  };
  useReviewKeys(mode, actions);
  const article = useRef<HTMLElement>(null);
  // Whoever came by a link, or pressed a button for the read before, must not press it again for this one.
  useLayoutEffect(() => {
    if (mode === 'look') article.current?.focus({ preventScroll: true });
  }, [mode]);
  const where = event.camera_name || event.camera_id;
  const spelled = [...event.plate.text_normalized].join(' ');
  return (
    <article
      ref={article}
      class="on-desk"
      tabIndex={-1}
      aria-label={t.review.nextRead(spelled || t.frame.noText, where)}
      data-event={event.event_id}
    >
      <Pictures event={event} />
      <Doubt read={read} />
      {read.decided && <p class="review-before">{t.review.before[read.decided]}</p>}
      {mode === 'type' ? (
        <TextBox draft={draft} onText={(typed) => setDraft((before) => writeDraft(before, typed))} onSave={save} />
      ) : (
        <Signs draft={draft} onAt={(at) => setDraft((before) => ({ ...before, at }))} onChoose={actions.choose} />
      )}
      {mode === 'reject' && <Reject desk={desk} onLeave={actions.leave} />}
      {mode === 'merge' && <Merge event={event} desk={desk} onLeave={actions.leave} />}
      {(mode === 'look' || mode === 'type') && (
        <>
          {isChanged && <Reasons reason={reason} />}
          <Actions
            {...actions}
            text={isChanged ? text : undefined}
            canSave={canSave}
            canMerge={may('search')}
            canGoBack={canGoBack}
          />
        </>
      )}
    </article>
  );
}

/** What the machine read, where and when, and why it is unsure. */
function Doubt({ read: { event, doubt, why } }: { read: QueuedRead }) {
  const words = useWords();
  const { t, likelihood } = words;
  const { plate } = event;
  return (
    <div class="review-doubt">
      <p>
        {t.review.doubt} <b>{likelihood(doubt)}</b>
        {why.map((reason) => (
          <span key={reason} class="doubt-why">
            {t.review.why[reason]}
          </span>
        ))}
      </p>
      <p class="quiet">
        {event.camera_name || event.camera_id}
        {plate.region && ` · ${nameRegion(plate.region, words)}`} · <Ago at={event.detected_at} />{' '}
        {event.status !== 'final' && <Status status={event.status} />}
      </p>
    </div>
  );
}
