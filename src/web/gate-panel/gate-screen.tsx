import { useState } from 'preact/hooks';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { useAnswer } from '../data/answer.ts';
import { useCell } from '../data/cell.ts';
import { AlertsNav } from '../parts/alerts-nav.tsx';
import { Empty } from '../parts/notice.tsx';
import { StoredPicture } from '../parts/picture.tsx';
import { Plate } from '../parts/plate.tsx';
import { Ago } from '../parts/time.tsx';
import { recall, remember } from '../remember.ts';
import { formatRoute } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { AllowingRules } from './allowing-rules.tsx';
import { fetchNewestOf } from './gate-client.ts';
import { OpenPanel } from './open-panel.tsx';
import { Verdict } from './verdict.tsx';
import '../styles/gate.css';

const CAMERA = 'gate-camera';
const RULES = 'gate-rules';

/** For a phone at arm's length: who stands at the gate, whether they are allowed, and a button that opens it. */
export function GateScreen({ id }: { id: string | undefined }) {
  const { t } = useWords();
  const { feed, may } = useServices();
  const cameras = useCell(feed.cameras) ?? [];
  const [rules, setRules] = useState(recallRules);
  const only = cameras.length === 1 ? cameras[0]?.camera_id : undefined;
  const camera = id ?? recall(CAMERA) ?? only;
  const event = useNewest(camera);
  return (
    <main class="screen gate" id="content">
      <AlertsNav screen="gate" />
      <h1 class="spoken">{t.frame.names.gate}</h1>
      <select
        class="control"
        aria-label={t.frame.camera}
        value={camera ?? ''}
        onChange={({ currentTarget: { value } }) => {
          remember(CAMERA, value);
          location.hash = formatRoute({ screen: 'gate', id: value });
        }}
      >
        {camera === undefined && <option value="">{t.gate.choose}</option>}
        {camera !== undefined && !cameras.some(({ camera_id }) => camera_id === camera) && (
          <option value={camera}>{camera}</option>
        )}
        {cameras.map(({ camera_id, name }) => (
          <option key={camera_id} value={camera_id}>
            {name || camera_id}
          </option>
        ))}
      </select>
      {event ? (
        <section class="gate-read" data-event={event.event_id}>
          <Plate text={event.review?.text ?? event.plate.text_normalized} region={event.plate.region} />
          {may('images') && (
            <span class="gate-crop">
              <StoredPicture picture={event.images?.plate} alt={t.read.platePicture(event.plate.text_normalized)} />
            </span>
          )}
          <Ago at={event.detected_at} />
          <Verdict event={event.event_id} rules={rules} />
        </section>
      ) : (
        <Empty icon="plate" title={camera === undefined ? t.gate.choose : t.gate.nothing} />
      )}
      {camera !== undefined && <OpenPanel key={camera} camera={camera} event={event?.event_id ?? null} />}
      {may('events:read') && (
        <AllowingRules
          chosen={rules}
          onChosen={(chosen) => {
            remember(RULES, JSON.stringify(chosen));
            setRules(chosen);
          }}
        />
      )}
    </main>
  );
}

/** Names of the rules that were chosen on this device. */
function recallRules(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(recall(RULES) ?? '[]');
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return [];
  }
}

/** The newest read of a camera; one that was rejected does not count. */
function useNewest(camera: string | undefined): PlateEvent | undefined {
  const { feed, may } = useServices();
  const reads = useCell(feed.reads) ?? [];
  const asks = camera !== undefined && may('events:read');
  const { value } = useAnswer(`newest-of ${camera ?? ''}`, async (signal) =>
    asks ? { camera, page: await fetchNewestOf(camera, signal) } : undefined,
  );
  const found = value?.camera === camera ? (value?.page.events ?? []) : [];
  const live = reads.map(({ event }) => event).filter((event) => event.camera_id === camera);
  return [...live, ...found].find(({ status }) => status !== 'retracted');
}
