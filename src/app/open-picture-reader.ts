import { randomUUIDv7 } from 'node:crypto';
import type { PictureRead, PictureReader } from '../api/picture-reader.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Part } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';
import { decodeSentPicture } from '../camera/sent-picture.ts';
import { pictureFolder } from '../contract/image-key.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { createPlateEvent, type EventContext } from '../edge/event.ts';
import { storePictures } from '../edge/pictures.ts';
import { createStillSighting } from '../edge/still-sighting.ts';
import type { Images } from '../images/images.ts';
import type { Box } from '../vision/box.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { Config } from './config.ts';
import type { Vision } from './open-vision.ts';
import { VERSION } from './version.ts';

type Given = Readonly<{
  config: Pick<Config, 'site' | 'cameras' | 'models'>;
  /** Called when the first picture comes, and again after a failure. */
  openVision: () => Promise<Vision>;
  bus: () => Promise<Bus>;
  images: () => Promise<Images>;
  log: Log;
}>;

/** Nobody's camera: what is read is about to be answered, not published. */
const NO_CAMERA = 'none';

/** A reader of pictures that loads its networks late, and what health says of it. Disposal waits for a load that is under way. */
export function openPictureReader(
  given: Given,
): PictureReader & AsyncDisposable & Readonly<{ part: Omit<Part, 'dependence'> }> {
  const { config, log } = given;
  let opening: Promise<Vision> | undefined;
  let state: Readonly<{ ok: boolean; kind: string; message?: string }> = { ok: true, kind: 'not loaded yet' };
  const load = () => {
    opening ??= given.openVision().then(
      (vision) => {
        state = { ok: true, kind: vision.models.detector.provider };
        return vision;
      },
      (error: unknown) => {
        opening = undefined;
        state = { ok: false, kind: 'not loaded', message: 'The networks cannot be loaded; the log says why' };
        log.error({ reason: messageOf(error) }, 'networks for pictures that are sent cannot be loaded');
        throw error;
      },
    );
    return opening;
  };
  return {
    atOnce: config.models.workers,
    part: { name: 'reading', check: async () => state },
    async read(picture) {
      const [vision, image] = await Promise.all([load(), decodeSentPicture(picture)]);
      const start = performance.now();
      let leftOut = 0;
      const recognitions = await vision.recognise(image, (count) => {
        leftOut = count;
      });
      const readMs = performance.now() - start;
      const createSightings = (cameraId: string, takenAt: number) =>
        recognitions.map((recognition, index) =>
          createStillSighting({ recognition, image, cameraId, number: index + 1, takenAt, readMs }),
        );
      const { detector, reader } = vision.models;
      const models = { detector: detector.id, reader: reader.id, provider: detector.provider };
      return {
        width: image.width,
        height: image.height,
        plates: createSightings(NO_CAMERA, 0).map((sighting) => describePlate(sighting, models)),
        plates_left_out: leftOut,
        models,
        publish: ({ camera, at }) => publish({ ...given, models, sightings: createSightings(camera, at) }),
      };
    },
    async [Symbol.asyncDispose]() {
      await opening?.catch(() => undefined);
    },
  };
}

type Models = PictureRead['models'];

function describePlate(sighting: Sighting, models: Models): PictureRead['plates'][number] {
  const event = createPlateEvent(sighting, createContext({ models, site: NO_CAMERA, cameraName: NO_CAMERA }));
  const { detector_model: _detector, ocr_model: _reader, ...plate } = event.plate;
  const { vehicle, best } = sighting;
  return {
    ...plate,
    detection_score: round(best.detectionScore, 5),
    vehicle: vehicle?.box
      ? { type: vehicle.class, confidence: round(vehicle.score, 5), bbox: describeBox(vehicle.box) }
      : null,
  };
}

function describeBox({ x0, y0, x1, y1 }: Box): [number, number, number, number] {
  return [round(x0, 1), round(y0, 1), round(x1 - x0, 1), round(y1 - y0, 1)];
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

type Publishing = Given & Readonly<{ models: Models; sightings: readonly Sighting[] }>;

/** Pictures that no event names are removed again. */
async function publish({ config, bus, images, models, sightings, log }: Publishing): Promise<readonly PlateEvent[]> {
  const [to, store, site] = [await bus(), await images(), config.site.id];
  const events: PlateEvent[] = [];
  try {
    for (const sighting of sightings) {
      const { cameraId, firstSeenAt } = sighting;
      const cameraName = config.cameras.find(({ id }) => id === cameraId)?.name ?? cameraId;
      const context = createContext({ models, site, cameraName });
      const folder = pictureFolder({ site, camera: cameraId, detectedAt: firstSeenAt, id: context.eventId });
      const stored = await storePictures({ images: store, folder, sighting });
      events.push(createPlateEvent(sighting, { ...context, images: stored }));
    }
    if (events.length > 0) await to.publish('plates', events);
    return events;
  } catch (error) {
    const keys = events.flatMap((event) => Object.values(event.images ?? {}).map(({ key }) => key));
    const removed = await Promise.allSettled(keys.map((key) => store.remove(key)));
    const left = removed.filter(({ status }) => status === 'rejected').length;
    if (left > 0) log.warn({ left }, 'pictures of a read that was not published cannot be removed');
    throw error;
  }
}

type Origin = Readonly<{ models: Models; site: string; cameraName: string }>;

function createContext({ models, site, cameraName }: Origin): EventContext {
  return {
    eventId: randomUUIDv7(),
    revision: 1,
    source: 'import',
    siteId: site,
    cameraName,
    // One picture shows no way across a line, and no stay in a zone.
    markings: { lines: [], zones: [] },
    detectorModel: models.detector,
    ocrModel: models.reader,
    provider: models.provider,
    version: VERSION,
    publishedAt: Date.now(),
    images: null,
  };
}
