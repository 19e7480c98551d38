import { decodeJpeg, encodeJpeg } from '../../base/jpeg.ts';
import type { Log } from '../../base/log.ts';
import type { Box, Quad } from '../../vision/box.ts';
import { cropImage } from '../../vision/crop.ts';
import type { Sighting } from '../../vision/fuse/sighting.ts';
import { measureIou } from '../../vision/geometry.ts';
import type { Image } from '../../vision/image.ts';
import type { Networks } from '../../vision/pipeline.ts';
import type { ModelKind } from './sync-state.ts';

/** A plate as it was seen here, in a part of its picture, and what its passage said. */
export type LocalLook = Readonly<{ camera: string; jpeg: Buffer; box: Box; corners: Quad; text: string }>;

/** Looks that are kept, of all cameras together. */
const KEPT = 48;

/** What is kept of a picture, pixels. */
const WIDTH = 960;
const HEIGHT = 576;
const QUALITY = 92;

/** From which confidence a passage is taken for read right. */
const SURE = 0.9;

/** Where a plate was, and where it was found again. */
const SAME_PLACE = 0.4;

/** Keeps the newest plates that were read with confidence, in memory alone: a new model must read them, too. */
export class LocalLooks {
  readonly #log: Log;
  #looks: LocalLook[] = [];
  #keeping: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Keeps this one, unless another is being kept or it is doubtful. Never throws. */
  take(sighting: Sighting): void {
    const { confidence, complete, hasUnread } = sighting;
    if (this.#keeping || confidence < SURE || complete === false || hasUnread) return;
    this.#keeping = this.#keep(sighting)
      .catch((err: unknown) => this.#log.debug({ err }, 'a plate for checking models cannot be kept'))
      .finally(() => {
        this.#keeping = undefined;
      });
  }

  list(): readonly LocalLook[] {
    return this.#looks;
  }

  async #keep({ cameraId: camera, best, text, seen }: Sighting): Promise<void> {
    const area = placeAround(best.box, best.image);
    const part = cropImage(best.image, area);
    const shift = ({ x, y }: Readonly<{ x: number; y: number }>) => ({ x: x - area.x0, y: y - area.y0 });
    const [a, b, c, d] = best.corners;
    const { x0, y0, x1, y1 } = best.box;
    const box = { x0: x0 - area.x0, y0: y0 - area.y0, x1: x1 - area.x0, y1: y1 - area.y0 };
    const corners = [shift(a), shift(b), shift(c), shift(d)] as const;
    const look = { camera, jpeg: await encodeJpeg(part, QUALITY), box, corners, text: seen ?? text };
    this.#looks = makeRoom(this.#looks, KEPT - 1).concat(look);
  }
}

/** Of too many the oldest of the camera that has most goes: a quiet camera is not forgotten for a busy one. */
function makeRoom(looks: LocalLook[], most: number): LocalLook[] {
  if (looks.length <= most) return looks;
  const counts = new Map<string, number>();
  for (const { camera } of looks) counts.set(camera, (counts.get(camera) ?? 0) + 1);
  const [busiest] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best));
  const at = looks.findIndex(({ camera }) => camera === busiest);
  return looks.toSpliced(at, 1);
}

/** Whole pixels, within the picture. */
function placeAround({ x0, y0, x1, y1 }: Box, { width, height }: Image): Box {
  const left = Math.floor(Math.max(0, Math.min((x0 + x1 - WIDTH) / 2, width - WIDTH)));
  const top = Math.floor(Math.max(0, Math.min((y0 + y1 - HEIGHT) / 2, height - HEIGHT)));
  return { x0: left, y0: top, x1: Math.min(width, left + WIDTH), y1: Math.min(height, top + HEIGHT) };
}

/** How two models did on the same plates: how many the present one got right, and of these the other one; and milliseconds for all. */
export type Comparison = Readonly<{ asked: number; same: number; presentMs: number; otherMs: number }>;

/** Lets both models read the plates or, where they are detectors, find them. */
export async function compareOnLooks(
  looks: readonly LocalLook[],
  kind: ModelKind,
  { present, other }: Readonly<{ present: Networks; other: Networks }>,
): Promise<Comparison> {
  const sum = { asked: 0, same: 0, presentMs: 0, otherMs: 0 };
  for (const look of looks) {
    const image = await decodeJpeg(look.jpeg);
    const isRight = (networks: Networks) =>
      kind === 'reader' ? reads(networks, image, look) : finds(networks, image, look);
    const started = performance.now();
    const before = await isRight(present);
    const between = performance.now();
    const after = await isRight(other);
    sum.presentMs += between - started;
    sum.otherMs += performance.now() - between;
    if (!before) continue;
    sum.asked += 1;
    if (after) sum.same += 1;
  }
  return sum;
}

async function reads({ reader }: Networks, image: Image, { corners, text }: LocalLook): Promise<boolean> {
  const [reading] = await reader.read([{ image, corners }]);
  return reading !== undefined && (reading.seen ?? reading.text) === text;
}

async function finds({ detector }: Networks, image: Image, { box }: LocalLook): Promise<boolean> {
  const found = await detector.detect({ image });
  return found.some(
    (one) => one.class === 'plate' && one.score >= detector.highScore && measureIou(one.box, box) >= SAME_PLACE,
  );
}
