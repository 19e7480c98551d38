import { resolve } from 'node:path';
import type { Log } from '../base/log.ts';
import type { GivenPart } from '../base/service.ts';
import { toVisionOptions } from '../edge/vision-config.ts';
import { giveWay, type Shared } from '../models/give-way.ts';
import type { ModelServerConfig } from '../models/kserve/config.ts';
import { createModelServerMetrics } from '../models/kserve/metrics.ts';
import { type OpenedModelServer, openModelServer } from '../models/kserve/open.ts';
import { type OpenedModel, openModel } from '../models/open.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { createDetector, type Detector } from '../vision/detect/detector.ts';
import { joinDetectors } from '../vision/detect/join-detectors.ts';
import type { ShadowReader } from '../vision/fuse/shadow.ts';
import type { Polygon } from '../vision/ignore-mask.ts';
import type { Image } from '../vision/image.ts';
import { CameraPipeline, type Networks, type Pipeline } from '../vision/pipeline.ts';
import { createReader, type Reader } from '../vision/read/reader.ts';
import { type Recognition, recognisePicture } from '../vision/recognise.ts';
import type { Session } from '../vision/session.ts';
import { StillPipeline } from '../vision/still-pipeline.ts';
import { createPlateWords } from '../vision/words/plate-words.ts';
import { checkGolden } from './check-golden.ts';
import type { Config } from './config.ts';
import { ModelPlace } from './model-place.ts';
import { openRegions } from './open-regions.ts';
import { PROGRAM_FOLDER } from './version.ts';

/** A network in use: its name, its exact weights, and what computed its newest run: an execution provider, or an inference server. */
export type LoadedModel = Readonly<{ name: string; id: string; provider: string }>;

/** What networks do. */
export type ModelKind = 'detector' | 'reader' | 'vehicle';

/** A network beside those in use, to be tried and perhaps to take a place. */
export type SpareModel = LoadedModel &
  AsyncDisposable &
  Readonly<{
    kind: ModelKind;
    /** It at its work, with the others as they were when it was opened. */
    networks: Networks;
    /** Runs its golden pictures, if it has some; MODEL_INVALID where it gives something else than it should. */
    check(): Promise<void>;
  }>;

/** The networks, loaded and verified, and a fresh pipeline for each camera. */
export type Vision = AsyncDisposable &
  Readonly<{
    detector: Detector;
    reader: Reader;
    /** All plates of one picture, after the cameras of this process; `onLeftOut` is told how many are not read because there are too many. */
    recognise(image: Image, onLeftOut?: (count: number) => void): Promise<readonly Recognition[]>;
    /** Those of all cameras that have no others. */
    models: Readonly<{ detector: LoadedModel; reader: LoadedModel; vehicle?: LoadedModel }>;
    /** Those that only some cameras have. */
    chosen: Readonly<Partial<Record<ModelKind, LoadedModel>>>;
    /** Of the inference server, where networks run on one. */
    server?: GivenPart;
    /** A fresh pipeline; for `stills` each frame is a scene of its own. */
    createPipeline(camera: Readonly<{ id: string; stills: boolean }>, ignore?: readonly Polygon[]): Pipeline;
    /** The networks of all cameras, behind the cameras: who borrows them gives them back. */
    borrow(): Networks;
    /** Loads a model beside those in use. */
    openSpare(kind: ModelKind, nameOrFolder: string): Promise<SpareModel>;
    /**
     * Gives a spare model its place from the next frame on: of all cameras or, where some are named, of these; with none of them it leaves
     * again. What had the place is closed after the last frame that it began. From now on the spare is closed with the rest.
     */
    use(spare: SpareModel, cameras?: readonly string[]): void;
    /** Calls `listener` after each change of the models in use, and of what computes them. */
    onUse(listener: () => void): void;
    /** A reader of other weights by the same rules. */
    createReader(opened: Pick<OpenedModel<'read'>, 'manifest' | 'session'>): Reader;
    /** Who reads in the shadow of the reader from the next look on, in every camera. */
    setShadow(shadow: Readonly<{ reader: ShadowReader; model: LoadedModel }> | undefined): void;
    /** Its network. */
    shadow: Readonly<{ challenger?: LoadedModel }>;
  }>;

/** What may be put around the parts, to watch them at work. */
export type VisionWatch = Readonly<{
  readerSession(session: Session): Session;
  detector(detector: Detector): Detector;
  reader(reader: Reader): Reader;
  /** Confidences stay as the heads give them: what calibration is fitted to. */
  isRaw?: boolean | undefined;
}>;

type Turns<Part> = Readonly<Record<keyof Shared, Part>>;
const TASKS = { detector: 'detect', reader: 'read', vehicle: 'detect' } as const;

/** What the process gives, where its health and metrics are asked for. */
export type OfProcess = Readonly<{
  telemetry?: Telemetry;
  /** Ends the wait for an inference server. */
  signal?: AbortSignal | undefined;
}>;

/** The networks of an inference server run so many pictures that somebody sent beside those of the cameras. */
const LANES_OF_SERVER = 4;

/** Loads the detector, the reader and the detector of vehicles, if any, that the configuration names. */
export async function openVision(
  config: Config,
  log: Log,
  watch?: VisionWatch,
  process: OfProcess = {},
): Promise<Vision> {
  await using opened = new AsyncDisposableStack();
  const { providers, workers, threads, server: serverConfig } = config.models;
  const listeners: (() => void)[] = [];
  const onChange = () => {
    for (const listen of listeners) listen();
  };
  const server = serverConfig && opened.use(await openServer({ config: serverConfig, log, onChange, ...process }));
  const shared = { folders: modelFolders(config.models.folders), providers, workers, threads, log, server };
  const open = (kind: ModelKind, model: string) => openModel({ ...shared, model, task: TASKS[kind] });
  const options = toVisionOptions(config.vision);
  const regions = await openRegions(modelFolders([config.models.formats]), options.regions);
  const openWords = async (model: string) => {
    const { manifest, session } = opened.use(await openModel({ ...shared, model, task: 'words' }));
    return createPlateWords({ session, model: manifest, words: regions.words });
  };
  const words = config.models.words === undefined ? undefined : await openWords(config.models.words);
  const inTurns = <Part>(model: OpenedModel, create: (session: Session) => Part): Turns<Part> => {
    const { first, later } = giveWay(model.session, server ? LANES_OF_SERVER : workers);
    return { first: create(first), later: create(later) };
  };
  const createDetectors = (model: OpenedModel) => {
    const { manifest } = model;
    if (manifest.task !== 'detect') throw new TypeError(`${manifest.name} is no detector`);
    return inTurns(model, (session) => createDetector({ session, model: manifest, options: options.detector }));
  };
  const createReaders = (opening: OpenedModel) => {
    const { manifest } = opening;
    if (manifest.task !== 'read') throw new TypeError(`${manifest.name} is no reader`);
    const { temperature } = manifest.calibration;
    const model = watch?.isRaw ? { ...manifest, calibration: { temperature } } : manifest;
    return inTurns(opening, (given) => {
      const session = watch?.readerSession(given) ?? given;
      const reader = createReader({ session, model, options: options.reader, regions, words });
      return watch?.reader(reader) ?? reader;
    });
  };
  const place = async <Part>(kind: ModelKind, name: string, createPart: (model: OpenedModel) => Part) => {
    const model = await open(kind, name);
    return opened.use(await orClose(model, async () => new ModelPlace(model, createPart, log)));
  };
  const { vehicle } = config.models;
  const opening = [
    place('detector', config.models.detector, createDetectors),
    place('reader', config.models.reader, createReaders),
    vehicle === undefined ? undefined : place('vehicle', vehicle, createDetectors),
  ] as const;
  // When one cannot be opened the others are closed, which keep the process alive: so they must be open by then.
  await Promise.allSettled(opening);
  const [detect, read, vehicles] = await Promise.all(opening);
  const places = { detector: detect, reader: read, ...(vehicles && { vehicle: vehicles }) };

  const join = (plates: Turns<Detector>, others: Turns<Detector> | undefined, turn: keyof Shared) => {
    const joined = others ? joinDetectors(plates[turn], others[turn]) : plates[turn];
    return watch?.detector(joined) ?? joined;
  };
  const borrow = (turn: keyof Shared, camera?: string): Networks => {
    const [plates, reader, others] = [detect.take(camera), read.take(camera), vehicles?.take(camera)];
    const { session } = plates.model;
    let provider: string | undefined;
    return {
      detector: join(plates.part, others?.part, turn),
      reader: reader.part[turn],
      // An inference server may go away amid a frame.
      models: {
        detector: plates.model.id,
        reader: reader.model.id,
        get provider() {
          return provider ?? session.provider;
        },
      },
      giveBack: () => {
        provider = session.provider;
        for (const one of [plates, reader, others]) one?.giveBack();
      },
    };
  };
  const spares = new WeakMap<SpareModel, OpenedModel>();
  const createSpare = async (kind: ModelKind, model: OpenedModel): Promise<SpareModel> => {
    const detector = kind === 'reader' ? detect.usual.part.later : createDetectors(model).later;
    const reader = kind === 'reader' ? createReaders(model).later : read.usual.part.later;
    return {
      ...{ ...describeModel(model), kind, networks: { detector, reader } },
      check: async () => void (await checkGolden(model, model.folder)),
      [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
    };
  };
  let shadow: Readonly<{ reader: ShadowReader; model: LoadedModel }> | undefined;
  const closing = opened.move();
  return {
    get detector() {
      return join(detect.usual.part, vehicles?.usual.part, 'first');
    },
    get reader() {
      return read.usual.part.first;
    },
    async recognise(image, onLeftOut) {
      const networks = borrow('later');
      try {
        return await recognisePicture({ ...networks, image, options: options.recognise, onLeftOut });
      } finally {
        networks.giveBack?.();
      }
    },
    get models() {
      const others = vehicles && { vehicle: describeModel(vehicles.usual.model) };
      return { detector: describeModel(detect.usual.model), reader: describeModel(read.usual.model), ...others };
    },
    get chosen() {
      const found = Object.entries(places).flatMap(([kind, { chosen }]) => (chosen ? [[kind, chosen] as const] : []));
      return Object.fromEntries(found.map(([kind, { seated }]) => [kind, describeModel(seated.model)]));
    },
    ...(server && { server: describeServer(server) }),
    createPipeline: ({ id: cameraId, stills }, ignore = []) => {
      const parts = { cameraId, borrow: () => borrow('first', cameraId), options: options.pipeline, ignore };
      // A picture is over before anybody could read it once more.
      return stills ? new StillPipeline(parts) : new CameraPipeline({ ...parts, shadow: () => shadow?.reader });
    },
    borrow: () => borrow('later'),
    async openSpare(kind, nameOrFolder) {
      const model = await open(kind, nameOrFolder);
      const spare = await orClose(model, () => createSpare(kind, model));
      spares.set(spare, model);
      return spare;
    },
    use(spare, cameras) {
      const model = spares.get(spare);
      if (!model) throw new TypeError(`${spare.id} is not of these networks`);
      places[spare.kind]?.use(model, cameras);
      onChange();
    },
    onUse: (listener) => void listeners.push(listener),
    createReader: ({ manifest: model, session }) =>
      createReader({ session, model, options: options.reader, regions, words }),
    setShadow: (next) => {
      shadow = next;
      for (const listen of listeners) listen();
    },
    get shadow() {
      return shadow ? { challenger: shadow.model } : {};
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function orClose<T>(model: OpenedModel, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
}

function describeModel({ manifest, session, id }: OpenedModel): LoadedModel {
  return {
    name: manifest.name,
    id,
    get provider() {
      return session.provider;
    },
  };
}

type OfServer = OfProcess & Readonly<{ config: ModelServerConfig; log: Log; onChange: () => void }>;

function openServer({ telemetry = new Telemetry(), signal = new AbortController().signal, ...given }: OfServer) {
  return openModelServer({ ...given, metrics: createModelServerMetrics(telemetry), signal });
}

/** Where networks run here while it is away, the work goes on without it. */
function describeServer({ server }: OpenedModelServer): GivenPart {
  return {
    name: 'inference server',
    kind: server.label,
    ...(server.config.when_away === 'local' && { dependence: 'useful' }),
    check: () => server.check(),
  };
}

/** A relative folder is looked for in the working folder first, then beside the program. */
export function modelFolders(folders: readonly string[]): readonly string[] {
  return [...new Set(folders.flatMap((folder) => [resolve(folder), resolve(PROGRAM_FOLDER, folder)]))];
}
