import type { Frame } from './frame.ts';
import type { Image } from './image.ts';
import { GATE_DEFAULTS, type GateOptions } from './options/gate.ts';

/**
 * Says whether a frame differs from the last one that was looked at: mean luma of blocks, the picture's overall change of
 * brightness taken out. Against the last look, not the last frame, so that slow movement adds up.
 */
export class MotionGate {
  readonly #options: GateOptions;
  #blocks: Float64Array | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: Partial<GateOptions> = {}) {
    this.#options = { ...GATE_DEFAULTS, ...options };
  }

  /** Whether to look at this frame; if so, it becomes what later frames are compared with. `busy` while something is followed. */
  decide(frame: Frame, busy = false): boolean {
    const { enabled, forceMs, idleMs } = this.#options;
    if (!enabled) return true;
    const waited = frame.mediaTime - this.#lookedAt;
    if (!busy && waited >= 0 && waited < idleMs) return false;
    const blocks = averageBlocks(frame.small?.image ?? frame.image, this.#options);
    const forced = waited < 0 || waited >= forceMs;
    if (!busy && !forced && this.#blocks && measureChange(blocks, this.#blocks) < this.#options.threshold) return false;
    this.#blocks = blocks;
    this.#lookedAt = frame.mediaTime;
    return true;
  }
}

/** Mean luma of `columns × rows` blocks from at most about 320 samples a row. */
export function averageBlocks(image: Image, { columns, rows }: Pick<GateOptions, 'columns' | 'rows'>): Float64Array {
  const { width, height, data } = image;
  const step = Math.max(1, Math.floor(width / 320));
  const pixel = image.kind === 'rgb24' ? 3 : 1;
  // Green stands for luma in packed RGB.
  const channel = image.kind === 'rgb24' ? 1 : 0;
  const sums = new Float64Array(columns * rows);
  const counts = new Float64Array(columns * rows);
  for (let y = 0; y < height; y += step) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let x = 0; x < width; x += step) {
      const block = row + Math.floor((x * columns) / width);
      sums[block] += data[(y * width + x) * pixel + channel];
      counts[block] += 1;
    }
  }
  return sums.map((sum, block) => sum / Math.max(1, counts[block]));
}

/** Largest change of a block after the median change (exposure, clouds) is taken out, in levels of 255. */
export function measureChange(now: Float64Array, before: Float64Array): number {
  const changes = now.map((value, block) => value - before[block]);
  const median = changes.toSorted()[changes.length >> 1];
  return changes.reduce((most, change) => Math.max(most, Math.abs(change - median)), 0);
}
