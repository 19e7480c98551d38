import { useState } from 'preact/hooks';
import type { SearchAnswer } from '../../contract/api/search.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { useAnswer } from '../data/answer.ts';
import { request } from '../data/request.ts';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { StoredPicture } from '../parts/picture.tsx';
import { useWords } from '../speech.tsx';
import type { Desk } from './desk.ts';
import { Panel } from './panel.tsx';
import { Reasons, useReason } from './reasons.tsx';

/** A passage that was split has its parts within this time, milliseconds. */
const NEAR_MS = 60_000;
const MOST = 6;

/** Offers the reads of the same camera nearest in time; a digit chooses one, Enter merges. */
export function Merge({ event, desk, onLeave }: { event: PlateEvent; desk: Desk; onLeave: () => void }) {
  const { t, duration } = useWords();
  const reason = useReason('merge');
  const [chosen, setChosen] = useState(0);
  const { value, error, retry } = useAnswer(event.event_id, (signal) => findNear(event, signal));
  const into = value?.[chosen]?.event_id;
  const merge = () => {
    if (into !== undefined) desk.decide({ action: 'merge', into, reason: reason.text });
  };
  return (
    <Panel title={t.review.mergeIt} onSubmit={merge} onDigit={setChosen} onLeave={onLeave}>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={2} kind="row" />}
      {value?.length === 0 && <p class="quiet">{t.review.noNeighbours}</p>}
      <fieldset class="near-reads">
        <legend class="spoken">{t.review.mergeInto}</legend>
        {value?.map((near, index) => {
          const apart = Date.parse(near.detected_at) - Date.parse(event.detected_at);
          return (
            <label key={near.event_id} class="near-read">
              <input type="radio" name="into" checked={index === chosen} onChange={() => setChosen(index)} />
              <kbd>{index + 1}</kbd>
              <span class="row-crop">
                <StoredPicture picture={near.images?.plate} alt="" />
              </span>
              <b>{near.plate.text_normalized || t.frame.noText}</b>
              <span class="quiet">{t.review.apart(duration(Math.abs(apart)), apart > 0)}</span>
            </label>
          );
        })}
      </fieldset>
      {value !== undefined && value.length > 0 && (
        <>
          <Reasons reason={reason} />
          <button type="submit" class="button button-main button-tall">
            {t.review.merge} <kbd>↵</kbd>
          </button>
        </>
      )}
    </Panel>
  );
}

async function findNear(event: PlateEvent, signal: AbortSignal): Promise<readonly PlateEvent[]> {
  const at = Date.parse(event.detected_at);
  const moment = (shift: number) => new Date(at + shift).toISOString();
  const asked = { camera: event.camera_id, from: moment(-NEAR_MS), to: moment(NEAR_MS), limit: '50' };
  const answer = await request<SearchAnswer>(`/events/search?${new URLSearchParams(asked)}`, { signal });
  const distance = (other: PlateEvent) => Math.abs(Date.parse(other.detected_at) - at);
  return answer.results
    .map((hit) => hit.event)
    .filter((other) => other.event_id !== event.event_id && other.status !== 'retracted')
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, MOST);
}
