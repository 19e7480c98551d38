import { randomUUIDv7 } from 'node:crypto';
import type { Log } from '../base/log.ts';
import { encodeEvent } from '../contract/codec.ts';
import { pictureFolder } from '../contract/image-key.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Images } from '../images/images.ts';
import { formatParent } from '../telemetry/tracing/trace-context.ts';
import { NO_TRACING, type Tracing } from '../telemetry/tracing/tracing.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { Markings } from '../vision/markings.ts';
import { createPlateEvent, type EventContext } from './event.ts';
import type { FrameTimes } from './frame-times.ts';
import type { EdgeMetrics } from './metrics.ts';
import type { OpenPassages } from './open-passages.ts';
import { storePictures } from './pictures.ts';
import type { Publisher } from './publisher.ts';
import type { Spool } from './spool.ts';
import { addTrace } from './spooled-event.ts';
import { listSteps, type MeasuredStep } from './trace-revision.ts';

export type OutboxOptions = Readonly<{
  siteId: string;
  cameraName: string;
  markings: Markings;
  models: Readonly<{ detector: string; reader: string; provider: string }>;
  version: string;
  images: Images;
  spool: Pick<Spool, 'append'>;
  publisher: Publisher;
  openPassages: OpenPassages;
  metrics: EdgeMetrics;
  log: Log;
  now: () => number;
  /** Whether the disk has room for more than events. */
  hasRoom: () => Promise<boolean>;
  tracing?: Tracing;
  /** Where passages are traced: what was done for the frames of this camera. */
  frameTimes?: FrameTimes | undefined;
}>;

type Passage = {
  eventId: string;
  detectedAt: number;
  revision: number;
  pictures: PlateEvent['images'];
  bestSequence: number;
  /** The text of the newest revision. */
  text?: string;
};

/** Turns the Sightings of one camera into revisions of events: pictures first, then the spool, then the bus. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #passages = new Map<string, Passage>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the revision is on the disk; from then on it cannot be lost. If it rejects, nothing was sent, and the
   * same Sighting may be tried again as the same revision. `hasPictures` is false when its pictures were given up.
   */
  async send(sighting: Sighting, hasPictures = true): Promise<PlateEvent> {
    const { spool, publisher, metrics, log } = this.#options;
    const passage = this.#passageOf(sighting);
    const pictures = hasPictures ? await this.#storePictures(sighting, passage) : undefined;
    const event = this.#createEvent(sighting, passage);
    const isContradicted = passage.text !== undefined && passage.text !== event.plate.text_normalized;
    const payload = this.#encode(event, isContradicted || pictures?.failure !== undefined);
    const from = Date.now();
    const stop = metrics.stage.startTimer({ stage: 'spool' });
    await spool.append(payload);
    const spooled = { from, ms: 1000 * stop(event.event_id) };
    passage.revision = event.revision;
    passage.text = event.plate.text_normalized;
    this.#trace(event, sighting, { pictures, spool: spooled, isContradicted });
    if (event.status === 'final') this.#passages.delete(sighting.passageId);
    publisher.notify();
    metrics.events.inc({ camera: event.camera_id, status: event.status });
    const { event_id, revision, status } = event;
    // Without the plate: nobody erases lines of a log.
    log.info({ event_id, revision, status }, 'an event is spooled');
    await this.#noteOpen(event);
    return event;
  }

  /** The event is already safe, so a failure to write this note must not send it again. */
  async #noteOpen(event: PlateEvent): Promise<void> {
    const { openPassages, log } = this.#options;
    try {
      if (event.status === 'final') await openPassages.forget(event.event_id);
      else await openPassages.remember(event);
    } catch (error) {
      log.warn({ err: error, event_id: event.event_id }, 'the state of a passage cannot be stored');
    }
  }

  /** The bytes for the spool; with the trace that the event belongs to, where that is exported. */
  #encode(event: PlateEvent, isRemarkable: boolean): Uint8Array {
    const { tracing = NO_TRACING } = this.#options;
    const payload = encodeEvent(event);
    if (!tracing.isOn) return payload;
    if (isRemarkable || tracing.isSlow(event, Date.now())) tracing.want(event.event_id);
    return tracing.wants(event.event_id) ? addTrace(payload, formatParent(event.event_id)) : payload;
  }

  #trace(
    event: PlateEvent,
    sighting: Sighting,
    measured: Readonly<{ pictures: MeasuredStep | undefined; spool: MeasuredStep; isContradicted: boolean }>,
  ): void {
    const { tracing = NO_TRACING, frameTimes } = this.#options;
    if (!tracing.isOn) return;
    const work = frameTimes?.get(sighting.best.sequence);
    tracing.note({ event, steps: listSteps({ event, work, ...measured }), keeps: true });
  }

  #createEvent(sighting: Sighting, passage: Passage): PlateEvent {
    const { siteId, cameraName, markings, version, now } = this.#options;
    // Models may have changed since the plate was seen.
    const models = sighting.models ?? this.#options.models;
    const context: EventContext = {
      eventId: passage.eventId,
      revision: passage.revision + 1,
      siteId,
      cameraName,
      markings,
      detectorModel: models.detector,
      ocrModel: models.reader,
      provider: models.provider,
      version,
      publishedAt: now(),
      images: passage.pictures,
    };
    return createPlateEvent({ ...sighting, firstSeenAt: passage.detectedAt }, context);
  }

  #passageOf(sighting: Sighting): Passage {
    const known = this.#passages.get(sighting.passageId);
    if (known) return known;
    const { tracing = NO_TRACING } = this.#options;
    const eventId = randomUUIDv7();
    if (tracing.samples(eventId)) tracing.want(eventId);
    const fresh = {
      eventId,
      detectedAt: Math.round(sighting.firstSeenAt),
      revision: 0,
      pictures: null,
      bestSequence: -1,
    };
    this.#passages.set(sighting.passageId, fresh);
    return fresh;
  }

  /** An event without pictures is better than none: without room, or when the store fails, only the text goes out. */
  async #storePictures(sighting: Sighting, passage: Passage): Promise<MeasuredStep | undefined> {
    if (passage.pictures && passage.bestSequence === sighting.best.sequence) return undefined;
    const { images, siteId, metrics, log, hasRoom } = this.#options;
    const folder = pictureFolder({
      site: siteId,
      camera: sighting.cameraId,
      detectedAt: passage.detectedAt,
      id: passage.eventId,
    });
    const from = Date.now();
    const stop = metrics.stage.startTimer({ stage: 'pictures' });
    let failure: string | undefined;
    try {
      if (await hasRoom()) {
        passage.pictures = await storePictures({ images, folder, sighting });
        passage.bestSequence = sighting.best.sequence;
      } else {
        failure = 'disk_full';
        metrics.picturesFailed.inc({ camera: sighting.cameraId, reason: failure });
        log.warn({ event_id: passage.eventId }, 'the disk is nearly full; pictures are given up for events');
      }
    } catch (error) {
      failure = 'store_failed';
      metrics.picturesFailed.inc({ camera: sighting.cameraId, reason: failure });
      log.error({ err: error, event_id: passage.eventId }, 'the pictures of an event cannot be stored');
    }
    return { from, ms: 1000 * stop(passage.eventId), failure };
  }
}
