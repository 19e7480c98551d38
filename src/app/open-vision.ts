import { resolve } from 'node:path';
import type { Log } from '../base/log.ts';
import { toVisionOptions } from '../edge/vision-config.ts';
import { giveWay, type Shared } from '../models/give-way.ts';
import { type OpenedModel, openModel } from '../models/open.ts';
import { createDetector, type Detector } from '../vision/detect/detector.ts';
import { joinDetectors } from '../vision/detect/join-detectors.ts';
import type { Polygon } from '../vision/ignore-mask.ts';
import type { Image } from '../vision/image.ts';
import { CameraPipeline, type Pipeline } from '../vision/pipeline.ts';
import { createReader, type Reader } from '../vision/read/reader.ts';
import { type Recognition, recognisePicture } from '../vision/recognise.ts';
import type { Session } from '../vision/session.ts';
import { StillPipeline } from '../vision/still-pipeline.ts';
import type { Config } from './config.ts';
import { openRegions } from './open-regions.ts';
import { PROGRAM_FOLDER } from './version.ts';

/** A network in use: its name, its exact weights, the execution provider really used. */
export type LoadedModel = Readonly<{ name: string; id: string; provider: string }>;

/** The networks, loaded and verified, and a fresh pipeline for each camera. */
export type Vision = AsyncDisposable &
  Readonly<{
    detector: Detector;
    reader: Reader;
    /** All plates of one picture, after the cameras of this process; `onLeftOut` is told how many are not read because there are too many. */
    recognise(image: Image, onLeftOut?: (count: number) => void): Promise<readonly Recognition[]>;
    models: Readonly<{ detector: LoadedModel; reader: LoadedModel; vehicle?: LoadedModel }>;
    /** A fresh pipeline; for `stills` each frame is a scene of its own. */
    createPipeline(camera: Readonly<{ id: string; stills: boolean }>, ignore?: readonly Polygon[]): Pipeline;
  }>;

/** What may be put around the parts, to watch them at work. */
export type VisionWatch = Readonly<{
  readerSession(session: Session): Session;
  detector(detector: Detector): Detector;
  reader(reader: Reader): Reader;
  /** Confidences stay as the heads give them: what calibration is fitted to. */
  isRaw?: boolean | undefined;
}>;

/** Loads the detector, the reader and the detector of vehicles, if any, that the configuration names. */
export async function openVision(config: Config, log: Log, watch?: VisionWatch): Promise<Vision> {
  await using opened = new AsyncDisposableStack();
  const {
    detector: detectorName,
    reader: readerName,
    vehicle: vehicleName,
    providers,
    workers,
    threads,
  } = config.models;
  const shared = { folders: modelFolders(config.models.folders), providers, workers, threads, log };
  const opening = [
    openModel({ ...shared, model: detectorName, task: 'detect' }).then((model) => opened.use(model)),
    openModel({ ...shared, model: readerName, task: 'read' }).then((model) => opened.use(model)),
    vehicleName === undefined
      ? undefined
      : openModel({ ...shared, model: vehicleName, task: 'detect' }).then((model) => opened.use(model)),
  ] as const;
  // When one cannot be opened the others are closed, which keep the process alive: so they must be open by then.
  await Promise.allSettled(opening);
  const [detect, read, vehicle] = await Promise.all(opening);
  const options = toVisionOptions(config.vision);
  const regions = await openRegions(modelFolders([config.models.formats]), options.regions);
  const { temperature } = read.manifest.calibration;
  const model = watch?.isRaw ? { ...read.manifest, calibration: { temperature } } : read.manifest;
  const share = (opened: OpenedModel) => giveWay(opened.session, workers);
  const views = { detect: share(detect), read: share(read), ...(vehicle && { vehicle: share(vehicle) }) };
  const createParts = (turn: keyof Shared) => {
    const createFor = ({ manifest }: OpenedModel<'detect'>, { [turn]: session }: Shared) =>
      createDetector({ session, model: manifest, options: options.detector });
    const found = createFor(detect, views.detect);
    const ownDetector = vehicle && views.vehicle ? joinDetectors(found, createFor(vehicle, views.vehicle)) : found;
    const session = watch?.readerSession(views.read[turn]) ?? views.read[turn];
    const ownReader = createReader({ session, model, options: options.reader, regions });
    return { detector: watch?.detector(ownDetector) ?? ownDetector, reader: watch?.reader(ownReader) ?? ownReader };
  };
  const { detector, reader } = createParts('first');
  const later = createParts('later');
  const closing = opened.move();
  return {
    detector,
    reader,
    recognise: (image, onLeftOut) => recognisePicture({ ...later, image, options: options.recognise, onLeftOut }),
    models: {
      detector: describeModel(detect),
      reader: describeModel(read),
      ...(vehicle ? { vehicle: describeModel(vehicle) } : {}),
    },
    createPipeline: ({ id: cameraId, stills }, ignore = []) => {
      const parts = { cameraId, detector, reader, options: options.pipeline, ignore };
      return stills ? new StillPipeline(parts) : new CameraPipeline(parts);
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function describeModel({ manifest, session, id }: OpenedModel): LoadedModel {
  return { name: manifest.name, id, provider: session.provider };
}

/** A relative folder is looked for in the working folder first, then beside the program. */
export function modelFolders(folders: readonly string[]): readonly string[] {
  return [...new Set(folders.flatMap((folder) => [resolve(folder), resolve(PROGRAM_FOLDER, folder)]))];
}
