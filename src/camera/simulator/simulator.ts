import { setImmediate as nextTurn } from 'node:timers/promises';
import { pause } from '../../base/retry.ts';
import { Letterbox } from '../../vision/detect/letterbox.ts';
import type { Frame } from '../../vision/frame.ts';
import type { YuvImage } from '../../vision/image.ts';
import type { Camera, CameraState } from '../camera.ts';
import type { SimulatorConfig } from '../config.ts';
import { Cast } from './cast.ts';
import { readFont } from './font.ts';
import { createNoise } from './noise.ts';
import { type Costume, dressPassage, paintFrame } from './painter.ts';
import type { PlateFonts } from './plate-art.ts';
import type { PlateStyle } from './plate-text.ts';
import { createView, type View } from './projection.ts';
import { renderScene, type Scene } from './scene.ts';
import { type Passage, planTraffic } from './traffic.ts';
import type { VehicleKind } from './vehicle-art.ts';

/** What really drove past; times in milliseconds since the epoch and in the stream. */
export type SimulatedPassage = Readonly<{
  text: string;
  enteredAt: number;
  leftAt: number;
  enteredMediaTime: number;
  leftMediaTime: number;
  lane: number;
  kind: VehicleKind;
  style: PlateStyle;
}>;

/** A camera whose plates are known. */
export interface SimulatorCamera extends Camera {
  /** Passages that have left the picture, the newest 10,000, oldest first. */
  truth(): readonly SimulatedPassage[];
}

/** When streams that do not run in real time begin: the same in every run. */
const FIXED_START = Date.UTC(2026, 0, 1);
const TRUTH_KEPT = 10_000;
const SMALL = { width: 640, height: 384 };

/** Opens a simulated road; `onPassage` is called for each vehicle when its plate has left the picture. */
export async function openSimulator(
  config: SimulatorConfig,
  options: Readonly<{ onPassage?: (passage: SimulatedPassage) => void }> = {},
): Promise<SimulatorCamera> {
  const view = createView({ width: config.width & ~1, height: config.height & ~1 }, config.lanes);
  const file = (name: string) => readFont(new URL(`./fonts/${name}`, import.meta.url));
  const [condensed, wide, scene] = await Promise.all([
    file('D-DINCondensed-Bold.ttf'),
    file('D-DIN-Bold.ttf'),
    renderScene(view, config.seed),
  ]);
  return new Simulator({ config, view, scene, fonts: { condensed, wide }, onPassage: options.onPassage });
}

type Parts = Readonly<{
  config: SimulatorConfig;
  view: View;
  scene: Scene;
  fonts: PlateFonts;
  onPassage: ((passage: SimulatedPassage) => void) | undefined;
}>;

class Simulator implements SimulatorCamera {
  readonly kind = 'simulator';
  readonly id: string;
  readonly name: string;
  readonly live: boolean;
  readonly stills = false;
  readonly #parts: Parts;
  readonly #closed = new AbortController();
  readonly #truth: SimulatedPassage[] = [];
  readonly #letterbox = new Letterbox();
  readonly #noise = createNoise();
  #state: CameraState;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.id = parts.config.id;
    this.name = parts.config.name ?? parts.config.id;
    this.live = parts.config.realtime;
    const { width, height } = parts.view;
    this.#state = {
      state: 'connecting',
      message: 'The simulated road is ready.',
      since: Date.now(),
      width,
      height,
      framesIn: 0,
      restarts: 0,
    };
  }

  get state(): CameraState {
    return this.#state;
  }

  truth(): readonly SimulatedPassage[] {
    return this.#truth;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame> {
    const { config } = this.#parts;
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    const startedAt = config.realtime ? Date.now() : FIXED_START;
    const started = performance.now();
    const period = 1000 / config.fps;
    const cast = this.#engage((passage) => this.#report(passage, startedAt));
    this.#enter('running', 'The simulated road shows traffic.');
    for (let sequence = 0; !stop.aborted; sequence++) {
      if (config.realtime) {
        sequence = Math.max(sequence, Math.floor((performance.now() - started) / period));
        await pause(started + sequence * period - performance.now(), stop);
      } else await nextTurn();
      const mediaTime = sequence * period;
      const costumes = await cast.onStage(mediaTime);
      if (stop.aborted || costumes === undefined) break;
      this.#state = { ...this.#state, framesIn: this.#state.framesIn + 1 };
      yield this.#paint({ sequence, mediaTime, capturedAt: startedAt + mediaTime, costumes });
    }
    this.#enter('ended', stop.aborted ? 'The simulator was closed.' : 'All simulated vehicles have passed.');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
  }

  #engage(onLeft: (passage: Passage) => void): Cast {
    const { config, view, fonts } = this.#parts;
    const plan = planTraffic({
      view,
      seed: config.seed,
      passagesPerMinute: config.passages_per_minute,
      total: config.passages ?? Number.POSITIVE_INFINITY,
      confusable: config.confusable,
    });
    return new Cast({ plan, dress: (passage) => dressPassage(passage, view, fonts), onLeft });
  }

  #paint(
    at: Readonly<{ sequence: number; mediaTime: number; capturedAt: number; costumes: readonly Costume[] }>,
  ): Frame {
    const { view, scene, config } = this.#parts;
    const { sequence, mediaTime, costumes } = at;
    const data = paintFrame({
      view,
      scene,
      costumes,
      noise: this.#noise,
      night: config.night,
      now: mediaTime,
      sequence,
    });
    const image: YuvImage = { kind: 'yuv420p', width: view.width, height: view.height, data };
    const small = this.#letterbox.fit(image, SMALL);
    return { cameraId: this.id, sequence, mediaTime, capturedAt: Math.round(at.capturedAt), image, small };
  }

  #report(passage: Passage, startedAt: number): void {
    const { text, lane, kind, plate } = passage;
    const [entered, left] = [Math.round(passage.entersAt), Math.round(passage.leavesAt)];
    const known: SimulatedPassage = {
      text,
      enteredAt: startedAt + entered,
      leftAt: startedAt + left,
      enteredMediaTime: entered,
      leftMediaTime: left,
      lane,
      kind,
      style: plate.style,
    };
    this.#truth.push(known);
    if (this.#truth.length > TRUTH_KEPT) this.#truth.shift();
    this.#parts.onPassage?.(known);
  }

  #enter(state: CameraState['state'], message: string): void {
    this.#state = { ...this.#state, state, message, since: Date.now() };
  }
}
