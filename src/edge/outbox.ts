import { randomUUIDv7 } from 'node:crypto';
import type { Log } from '../base/log.ts';
import { encodeEvent } from '../contract/codec.ts';
import { pictureFolder } from '../contract/image-key.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Images } from '../images/images.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { Markings } from '../vision/markings.ts';
import { createPlateEvent, type EventContext } from './event.ts';
import type { EdgeMetrics } from './metrics.ts';
import type { OpenPassages } from './open-passages.ts';
import { storePictures } from './pictures.ts';
import type { Publisher } from './publisher.ts';
import type { Spool } from './spool.ts';

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
}>;

type Passage = {
  eventId: string;
  detectedAt: number;
  revision: number;
  pictures: PlateEvent['images'];
  bestSequence: number;
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
    const event = await this.#createEvent(sighting, passage, hasPictures);
    const stop = metrics.stage.startTimer({ stage: 'spool' });
    await spool.append(encodeEvent(event));
    stop();
    passage.revision = event.revision;
    if (event.status === 'final') this.#passages.delete(sighting.passageId);
    publisher.notify();
    metrics.events.inc({ camera: event.camera_id, status: event.status });
    const { event_id, revision, status, camera_id } = event;
    // Without the plate: nobody erases lines of a log.
    log.info({ event_id, revision, status, camera_id }, 'an event is spooled');
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

  async #createEvent(sighting: Sighting, passage: Passage, hasPictures: boolean): Promise<PlateEvent> {
    const { siteId, cameraName, markings, models, version, now } = this.#options;
    if (hasPictures) await this.#storePictures(sighting, passage);
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
    const fresh = {
      eventId: randomUUIDv7(),
      detectedAt: Math.round(sighting.firstSeenAt),
      revision: 0,
      pictures: null,
      bestSequence: -1,
    };
    this.#passages.set(sighting.passageId, fresh);
    return fresh;
  }

  /** An event without pictures is better than none: without room, or when the store fails, only the text goes out. */
  async #storePictures(sighting: Sighting, passage: Passage): Promise<void> {
    if (passage.pictures && passage.bestSequence === sighting.best.sequence) return;
    const { images, siteId, metrics, log, hasRoom } = this.#options;
    const folder = pictureFolder({
      site: siteId,
      camera: sighting.cameraId,
      detectedAt: passage.detectedAt,
      id: passage.eventId,
    });
    const stop = metrics.stage.startTimer({ stage: 'pictures' });
    try {
      if (await hasRoom()) {
        passage.pictures = await storePictures({ images, folder, sighting });
        passage.bestSequence = sighting.best.sequence;
      } else {
        metrics.picturesFailed.inc({ camera: sighting.cameraId, reason: 'disk_full' });
        log.warn({ event_id: passage.eventId }, 'the disk is nearly full; pictures are given up for events');
      }
    } catch (error) {
      metrics.picturesFailed.inc({ camera: sighting.cameraId, reason: 'store_failed' });
      log.error({ err: error, event_id: passage.eventId }, 'the pictures of an event cannot be stored');
    }
    stop();
  }
}
