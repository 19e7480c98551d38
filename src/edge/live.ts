import { encodeJpeg } from '../base/jpeg.ts';
import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { CameraStatus, LiveMeta } from '../contract/live.ts';
import type { Quad } from '../vision/box.ts';
import { Letterbox } from '../vision/detect/letterbox.ts';
import type { Frame } from '../vision/frame.ts';
import type { Audience } from './audience.ts';
import { withoutBars } from './small-picture.ts';

const QUALITY = 72;

/** Live pictures of cameras without a small picture of their own are scaled to fit into this size, pixels. */
const SIZE = { width: 640, height: 384 };

/** What is drawn over a live picture. */
export type LiveTrack = Readonly<{ id: number; corners: Quad; text: string; confidence: number }>;

export type LiveViewOptions = Readonly<{
  bus: Bus;
  audience: Audience;
  log: Log;
  siteId: string;
  picturesPerSecond: number;
}>;

/** Shows viewers what a camera sees: pictures with boxes at a limited rate, and its state. Nothing here is stored. */
export class LiveView {
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #audience: Audience;
  readonly #siteId: string;
  readonly #intervalMs: number;
  readonly #letterbox = new Letterbox();
  #lastAt = Number.NEGATIVE_INFINITY;
  #busy = false;

  constructor(options: LiveViewOptions) {
    this.#bus = options.bus;
    this.#log = options.log;
    this.#audience = options.audience;
    this.#siteId = options.siteId;
    this.#intervalMs = 1000 / options.picturesPerSecond;
  }

  /** Shows `frame` unless one was shown recently, one is still being sent, or nobody is watching. */
  show(frame: Frame, tracks: readonly LiveTrack[]): void {
    if (this.#busy || Math.abs(frame.capturedAt - this.#lastAt) < this.#intervalMs) return;
    if (!this.#audience.wants(frame.cameraId)) return;
    this.#busy = true;
    this.#lastAt = frame.capturedAt;
    this.#publishPicture(frame, frame.small ?? this.#letterbox.fit(frame.image, SIZE), tracks)
      .catch((error: unknown) => this.#log.warn({ err: error }, 'a live picture cannot be shown'))
      .finally(() => {
        this.#busy = false;
      });
  }

  async report(status: CameraStatus): Promise<void> {
    await this.#bus.publish('live', [{ kind: 'camera', status: { ...status, site_id: this.#siteId } }]);
  }

  async #publishPicture(frame: Frame, small: NonNullable<Frame['small']>, tracks: readonly LiveTrack[]): Promise<void> {
    const picture = withoutBars(small, frame.image);
    const meta: LiveMeta = {
      camera_id: frame.cameraId,
      site_id: this.#siteId,
      at: new Date(frame.capturedAt).toISOString(),
      width: picture.width,
      height: picture.height,
      tracks: tracks.map(({ id, corners, text, confidence }) => ({
        id,
        quad: corners.map(({ x, y }): [number, number] => [round(x * small.scale), round(y * small.scale)]),
        text,
        confidence: Math.min(1, Math.max(0, confidence)),
      })),
    };
    const jpeg = await encodeJpeg(picture, QUALITY);
    await this.#bus.publish('live', [{ kind: 'picture', meta, jpeg }]);
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
