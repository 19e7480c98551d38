import type { PlateEvent } from '../../contract/plate-event.ts';
import { explainRejection } from '../frames.ts';
import { Fact, FactList } from '../parts/facts.tsx';
import { nameRegion } from '../regions.ts';
import { useWords } from '../speech.tsx';
import { type Words, wordFor } from '../words.ts';

/** How the read came about: motion, time and models. */
export function Facts({ event }: { event: PlateEvent }) {
  const { t } = useWords();
  return (
    <section class="facts" aria-label={t.read.facts}>
      <Passage event={event} />
      <Processing event={event} />
    </section>
  );
}

/** How many frames were read, and why some did not count. */
export function Frames({ event }: { event: PlateEvent }) {
  const words = useWords();
  const { t, number } = words;
  const rejected = Object.entries(event.frames_rejected).filter(([, count]) => count > 0);
  const { plate } = event;
  const notRead = [
    ...(plate.complete === false ? [t.read.hiddenPart] : []),
    ...(plate.unread_characters ? [t.read.unknownCharacters] : []),
  ];
  return (
    <FactList title={t.read.frames}>
      <Fact name={t.read.framesRead}>{number(event.frames_read)}</Fact>
      <Fact name={t.read.framesAgreeing}>{number(event.reads_agreeing)}</Fact>
      {rejected.map(([reason, count]) => (
        <Fact key={reason} name={explainRejection(reason, words)}>
          {number(count)}
        </Fact>
      ))}
      {rejected.length === 0 && <Fact name={t.read.framesNotUsed}>{t.frame.none}</Fact>}
      <Fact name={t.read.characterHeight}>{number(plate.char_height_px)} px</Fact>
      <Fact name={t.read.sharpness}>{words.percent(plate.sharpness)}</Fact>
      {plate.region && <Fact name={t.read.region}>{nameRegion(plate.region, words)}</Fact>}
      <Fact name={t.read.lines}>{plate.lines}</Fact>
      {notRead.length > 0 && <Fact name={t.read.notRead}>{notRead.join('; ')}</Fact>}
    </FactList>
  );
}

function Passage({ event }: { event: PlateEvent }) {
  const words = useWords();
  const { t, duration, moment } = words;
  const { motion, time, vehicle } = event;
  const untilBest = Date.parse(time.best) - Date.parse(time.first_seen);
  const inView = Date.parse(time.last_seen) - Date.parse(time.first_seen);
  return (
    <FactList title={t.read.passage}>
      <Fact name={t.read.inView}>{duration(inView)}</Fact>
      <Fact name={t.read.bestFrame}>
        {untilBest === 0 ? t.read.firstFrame : t.read.afterFirst(duration(untilBest))}
      </Fact>
      <Fact name={t.read.moves}>{describeMotion(motion, words)}</Fact>
      {motion.zones && motion.zones.length > 0 && (
        <Fact name={t.read.zones}>
          {motion.zones.map(({ zone, dwell_ms }) => `${zone}, ${duration(dwell_ms)}`).join('; ')}
        </Fact>
      )}
      <Fact name={t.read.vehicle}>{vehicle.detected ? nameVehicle(vehicle, words) : t.read.noVehicle}</Fact>
      <Fact name={t.read.lastSeen}>{moment(time.last_seen)}</Fact>
      <Fact name={t.read.published}>{moment(time.published)}</Fact>
      <Fact name={t.read.track}>
        <code>{event.track_id}</code>
      </Fact>
    </FactList>
  );
}

function Processing({ event }: { event: PlateEvent }) {
  const { t, duration } = useWords();
  const { plate, processing } = event;
  return (
    <FactList title={t.read.processing}>
      <Fact name={t.read.detector}>
        {duration(processing.detect_ms)} <code>{plate.detector_model}</code>
      </Fact>
      <Fact name={t.read.reader}>
        {duration(processing.read_ms)} <code>{plate.ocr_model}</code>
      </Fact>
      <Fact name={t.read.provider}>{processing.provider}</Fact>
      <Fact name={t.read.version}>{processing.version}</Fact>
      <Fact name={t.read.source}>{t.read.sourceAndSite(event.source, event.site_id)}</Fact>
      <Fact name={t.read.event}>
        <code>{event.event_id}</code>
      </Fact>
    </FactList>
  );
}

/** In the words of whoever drew the lines where one was crossed. */
function describeMotion({ crossings, stationary, direction_deg }: PlateEvent['motion'], words: Words): string {
  if (crossings && crossings.length > 0)
    return crossings.map(({ line, direction }) => `${direction} (${line})`).join(', ');
  return stationary ? words.t.read.stands : words.direction(direction_deg);
}

function nameVehicle({ type, confidence }: PlateEvent['vehicle'], { t, likelihood }: Words): string {
  const name = type === null ? t.read.vehicleFound : wordFor(t.read.vehicles, type);
  return confidence === null ? name : `${name}, ${likelihood(confidence)}`;
}
