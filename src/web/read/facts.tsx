import type { ComponentChildren } from 'preact';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { nameRegion } from '../regions.ts';
import { explainRejection, formatDuration, formatMoment, formatPercent, nameDirection } from '../words.ts';

/** How the read came about: motion, time and models. */
export function Facts({ event }: { event: PlateEvent }) {
  return (
    <section class="facts" aria-label="Facts">
      <Passage event={event} />
      <Processing event={event} />
    </section>
  );
}

/** How many frames were read, and why some did not count. */
export function Frames({ event }: { event: PlateEvent }) {
  const rejected = Object.entries(event.frames_rejected).filter(([, count]) => count > 0);
  const { plate } = event;
  return (
    <FactList title="Frames">
      <Fact name="Frames read">{event.frames_read}</Fact>
      <Fact name="Frames that agree">{event.reads_agreeing}</Fact>
      {rejected.map(([reason, count]) => (
        <Fact key={reason} name={explainRejection(reason)}>
          {count}
        </Fact>
      ))}
      {rejected.length === 0 && <Fact name="Frames not used">none</Fact>}
      <Fact name="Character height">{plate.char_height_px.toFixed(0)} px</Fact>
      <Fact name="Sharpness">{formatPercent(plate.sharpness)}</Fact>
      {plate.region && <Fact name="Region">{nameRegion(plate.region)}</Fact>}
      <Fact name="Lines">{plate.lines}</Fact>
    </FactList>
  );
}

function Passage({ event }: { event: PlateEvent }) {
  const { motion, time, vehicle } = event;
  const untilBest = Date.parse(time.best) - Date.parse(time.first_seen);
  const inView = Date.parse(time.last_seen) - Date.parse(time.first_seen);
  return (
    <FactList title="Passage">
      <Fact name="In view">{formatDuration(inView)}</Fact>
      <Fact name="Best frame">
        {untilBest === 0 ? 'the first one' : `${formatDuration(untilBest)} after the first`}
      </Fact>
      <Fact name="Moves">{motion.stationary ? 'stands still' : nameDirection(motion.direction_deg)}</Fact>
      <Fact name="Vehicle">
        {vehicle.detected ? `${vehicle.type ?? 'found'}${likely(vehicle.confidence)}` : 'none found'}
      </Fact>
      <Fact name="Last seen">{formatMoment(time.last_seen)}</Fact>
      <Fact name="Published">{formatMoment(time.published)}</Fact>
      <Fact name="Track">
        <code>{event.track_id}</code>
      </Fact>
    </FactList>
  );
}

function Processing({ event }: { event: PlateEvent }) {
  const { plate, processing } = event;
  return (
    <FactList title="Processing">
      <Fact name="Detector">
        {formatDuration(processing.detect_ms)} <code>{plate.detector_model}</code>
      </Fact>
      <Fact name="Reader">
        {formatDuration(processing.read_ms)} <code>{plate.ocr_model}</code>
      </Fact>
      <Fact name="Provider">{processing.provider}</Fact>
      <Fact name="Version">{processing.version}</Fact>
      <Fact name="Source">
        {event.source}, site {event.site_id}
      </Fact>
      <Fact name="Event">
        <code>{event.event_id}</code>
      </Fact>
    </FactList>
  );
}

/** A titled list of names and values. */
export function FactList({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="panel">
      <h2>{title}</h2>
      <dl class="fact-list">{children}</dl>
    </div>
  );
}

/** One name with its value. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function likely(confidence: number | null): string {
  return confidence === null ? '' : `, ${formatPercent(confidence)}`;
}
