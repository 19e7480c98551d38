import type { Box } from '../box.ts';

/** Standard deviations relative to the box height, as in DeepSORT (Wojke et al. 2017) and ByteTrack. */
const POSITION = 1 / 20;
const VELOCITY = 1 / 160;
/** The aspect ratio has absolute deviations: state, its velocity, and what the detector adds. */
const ASPECT = 1e-2;
const ASPECT_VELOCITY = 1e-5;
const ASPECT_MEASURED = 1e-1;

/** Index of the aspect ratio and of the height among the four measured values: centre x, centre y, width/height, height. */
const RATIO = 2;
const HEIGHT = 3;

/**
 * The constant-velocity Kalman filter of ByteTrack: state (x, y, a, h, vx, vy, va, vh). All its matrices couple a value only
 * with its own velocity, so the 8×8 filter falls apart, exactly, into four filters of two states.
 */
export class BoxFilter {
  readonly #value = new Float64Array(4);
  readonly #speed = new Float64Array(4);
  /** Per value: variance, covariance with its speed, variance of the speed. */
  readonly #covariance = new Float64Array(12);

  constructor(box: Box) {
    this.restart(box);
  }

  /** Forgets everything: the box as measured, at rest or moving with a speed in pixels a step. */
  restart(box: Box, speedX = 0, speedY = 0): void {
    this.#value.set(toMeasurement(box));
    this.#speed.set([speedX, speedY, 0, 0]);
    const height = this.#value[HEIGHT];
    for (let i = 0; i < 4; i += 1) {
      const position = i === RATIO ? ASPECT : 2 * POSITION * height;
      const velocity = i === RATIO ? ASPECT_VELOCITY : 10 * VELOCITY * height;
      this.#covariance.set([position * position, 0, velocity * velocity], i * 3);
    }
  }

  /** Moves the state on by `steps` frames (1 in the reference). A lost track keeps its height. */
  predict(steps = 1, keepHeight = false): void {
    if (keepHeight) this.#speed[HEIGHT] = 0;
    const height = this.#value[HEIGHT];
    const c = this.#covariance;
    for (let i = 0; i < 4; i += 1) {
      const position = i === RATIO ? ASPECT : POSITION * height;
      const velocity = i === RATIO ? ASPECT_VELOCITY : VELOCITY * height;
      const at = i * 3;
      this.#value[i] += steps * this.#speed[i];
      c[at] += steps * (2 * c[at + 1] + steps * c[at + 2]) + steps * position * position;
      c[at + 1] += steps * c[at + 2];
      c[at + 2] += steps * velocity * velocity;
    }
  }

  /** Corrects the state by a measured box. */
  update(box: Box): void {
    const measured = toMeasurement(box);
    const height = this.#value[HEIGHT];
    const c = this.#covariance;
    for (let i = 0; i < 4; i += 1) {
      const deviation = i === RATIO ? ASPECT_MEASURED : POSITION * height;
      const at = i * 3;
      const total = c[at] + deviation * deviation;
      const gain = c[at] / total;
      const speedGain = c[at + 1] / total;
      const surprise = measured[i] - this.#value[i];
      this.#value[i] += gain * surprise;
      this.#speed[i] += speedGain * surprise;
      c[at + 2] -= speedGain * speedGain * total;
      c[at + 1] -= gain * speedGain * total;
      c[at] -= gain * gain * total;
    }
  }

  /** The box of the state, pixels. */
  get box(): Box {
    const [x, y, ratio, height] = this.#value;
    const width = ratio * height;
    return { x0: x - width / 2, y0: y - height / 2, x1: x + width / 2, y1: y + height / 2 };
  }

  /** Speed of the centre, pixels a step. */
  get speed(): Readonly<{ x: number; y: number }> {
    return { x: this.#speed[0], y: this.#speed[1] };
  }
}

function toMeasurement({ x0, y0, x1, y1 }: Box): readonly number[] {
  return [(x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / (y1 - y0), y1 - y0];
}
