import { randomUUIDv7 } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { encodeEvent } from '../contract/codec.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Images } from '../images/images.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import { createPlateEvent, type EventContext } from './event.ts';
import type { OpenPassages } from './open-passages.ts';
import { pictureFolder, storePictures } from './pictures.ts';
import type { Publisher } from './publisher.ts';
import type { Spool } from './spool.ts';

export type OutboxOptions = Readonly<{
  siteId: string;
  cameraName: string;
  models: Readonly<{ detector: string; reader: string; provider: string }>;
  version: string;
  images: Images;
  spool: Spool;
  publisher: Publisher;
  openPassages: OpenPassages;
  metrics: Metrics;
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

/** Turns the Sightings of one camera into event revisions: pictures first, then the spool, then the bus. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #passages = new Map<string, Passage>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Resolves when the revision is on the disk; from then on it cannot be lost. */
  async send(sighting: Sighting): Promise<PlateEvent> {
    const { spool, publisher, openPassages, metrics, log } = this.#options;
    const event = await this.#createEvent(sighting);
    const stop = metrics.stage.startTimer({ stage: 'spool' });
    await spool.append(encodeEvent(event));
    stop();
    publisher.notify();
    metrics.events.inc({ camera: event.camera_id, status: event.status });
    if (event.status === 'final') await openPassages.forget(event.event_id);
    else await openPassages.remember(event);
    const { event_id, revision, status, camera_id } = event;
    log.info({ event_id, revision, status, camera_id, text: event.plate.text_normalized }, 'Event spooled');
    return event;
  }

  async #createEvent(sighting: Sighting): Promise<PlateEvent> {
    const { siteId, cameraName, models, version, now } = this.#options;
    const passage = this.#passageOf(sighting);
    passage.revision++;
    await this.#storePictures(sighting, passage);
    const context: EventContext = {
      eventId: passage.eventId,
      revision: passage.revision,
      siteId,
      cameraName,
      detectorModel: models.detector,
      ocrModel: models.reader,
      provider: models.provider,
      version,
      publishedAt: now(),
      images: passage.pictures,
    };
    if (sighting.status === 'final') this.#passages.delete(sighting.passageId);
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

  /** An event without pictures is worth more than none: where there is no room, or the store fails, the text goes out alone. */
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
      if (!(await hasRoom()))
        throw new AlprError('SPOOL_FAILED', 'The disk is nearly full; pictures are given up for events');
      passage.pictures = await storePictures({ images, folder, sighting });
      passage.bestSequence = sighting.best.sequence;
    } catch (error) {
      metrics.picturesFailed.inc({ camera: sighting.cameraId });
      log.error({ err: error, event_id: passage.eventId }, 'The pictures of an event could not be stored');
    }
    stop();
  }
}
