import type { ComponentChildren } from 'preact';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { nameRegion, shortenRegion } from '../regions.ts';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { AlertMarks } from './alert-marks.tsx';
import { Confidence } from './confidence.tsx';
import { StoredPicture } from './picture.tsx';
import { Plate } from './plate.tsx';
import { Status } from './status.tsx';
import { Ago, Time } from './time.tsx';

/** One read in a list: the whole row opens it, and doubtful characters show their alternatives. */
export function ReadRow(props: { event: PlateEvent; live?: boolean; children?: ComponentChildren }) {
  const words = useWords();
  const { event } = props;
  const { plate } = event;
  const { crossings } = event.motion;
  const text = event.review?.text ?? plate.text_normalized;
  return (
    <li class={`row row-${event.status}`} data-event={event.event_id} data-revision={event.revision}>
      {props.live && <span key={event.revision} class="row-flash" />}
      <span class="row-crop">
        <StoredPicture picture={event.images?.plate} alt="" lazy />
      </span>
      <span class="row-main">
        <span class="row-plate">
          <Plate text={text} chars={plate.chars} region={plate.region} />
          {plate.region && (
            <span class="row-region" title={nameRegion(plate.region, words)}>
              {shortenRegion(plate.region)}
            </span>
          )}
        </span>
        <AlertMarks id={event.event_id} />
        {props.children}
        <span class="row-where">
          <span class="row-camera">{event.camera_name || event.camera_id}</span>
          {crossings && crossings.length > 0 && (
            <span class="row-direction">{crossings.map(({ direction }) => direction).join(', ')}</span>
          )}
          <Time at={event.detected_at} />
        </span>
      </span>
      <span class="row-side">
        <Confidence p={plate.confidence} />
        <span class="row-state">
          <Status status={event.status} />
          <Ago at={event.detected_at} />
        </span>
      </span>
      <a class="row-link" data-row={event.event_id} href={formatRoute({ screen: 'read', id: event.event_id })}>
        <span class="spoken">
          {words.t.frame.openRead(text || words.t.frame.noText, event.camera_name || event.camera_id)}
        </span>
      </a>
    </li>
  );
}
