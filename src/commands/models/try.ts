import { join } from 'node:path';
import type { Config } from '../../app/config.ts';
import { openVision, type Vision } from '../../app/open-vision.ts';
import { PROGRAM_FOLDER } from '../../app/version.ts';
import { createLog } from '../../base/log.ts';
import { decodePicture } from '../../camera/pictures.ts';
import type { StagedModel } from '../../models/add/stage-model.ts';
import type { Quad } from '../../vision/box.ts';
import type { Detection } from '../../vision/detection.ts';
import { toQuad } from '../../vision/geometry.ts';
import type { Image } from '../../vision/image.ts';

/** Shows one lorry at a toll gate; its plate reads 34A23126. */
const OWN_PICTURE = join(PROGRAM_FOLDER, 'test', 'fixtures', 'tollgate-115.jpg');
const MOST_SHOWN = 8;

/** Runs a model on a picture, with the configured one for the other half, and says what it saw, a line each. */
export async function tryModel(
  config: Config,
  { folder, proposal }: StagedModel,
  picture: string = OWN_PICTURE,
): Promise<readonly string[]> {
  const image = await decodePicture(picture);
  const half = proposal.task === 'read' ? { reader: folder } : { detector: folder };
  await using vision = await openVision(
    { ...config, models: { ...config.models, ...half } },
    createLog({ ...config.log, level: 'warn' }),
  );
  const found = await measure(() => vision.detector.detect({ image }));
  const plates = found.value.filter(({ class: name }) => name === 'plate');
  const sure = plates.filter(({ score }) => score >= vision.detector.highScore);
  const { width, height } = image;
  const title = `On ${picture} (${width}×${height}):`;
  if (proposal.task === 'detect') {
    const shown = found.value.filter(({ score }) => score >= vision.detector.highScore);
    const texts = await readAll(vision, image, sure);
    return [title, ...describeDetections(shown, found.value.length, found.ms), ...texts];
  }
  const whole = toQuad({ x0: 0, y0: 0, x1: width, y1: height });
  const looks = sure.length > 0 ? sure : [{ corners: whole, box: { x0: 0, y0: 0, x1: width, y1: height } }];
  const where =
    sure.length > 0 ? [] : [`  ${vision.models.detector.name} finds no plate in it, so all of it was read as one`];
  return [title, ...where, ...(await readAll(vision, image, looks))];
}

function describeDetections(shown: readonly Detection[], count: number, ms: number): string[] {
  const lines = shown.slice(0, MOST_SHOWN).map(({ class: name, score, box, corners }) => {
    const size = `${Math.round(box.x1 - box.x0)}×${Math.round(box.y1 - box.y0)} at ${Math.round(box.x0)},${Math.round(box.y0)}`;
    return `  ${name} ${percent(score)}, ${size}${corners ? ', with corners' : ''}`;
  });
  const rest = shown.length > MOST_SHOWN ? [`  and ${shown.length - MOST_SHOWN} more`] : [];
  const weak = count - shown.length;
  const none = shown.length === 0 ? [`  nothing found${weak > 0 ? `, ${weak} below the threshold` : ''}`] : [];
  return [...lines, ...rest, ...none, `  detection took ${ms.toFixed(0)} ms`];
}

type Place = Readonly<{ corners?: Quad; box: Detection['box'] }>;

async function readAll(vision: Vision, image: Image, places: readonly Place[]): Promise<string[]> {
  const looks = places.slice(0, MOST_SHOWN).map(({ corners, box }) => ({ image, corners: corners ?? toQuad(box) }));
  if (looks.length === 0) return [];
  const { value, ms } = await measure(() => vision.reader.read(looks));
  const lines = value.map(({ text, confidence, region }) => {
    const from = region ? `, region ${region.code} ${percent(region.score)}` : '';
    return `  ${vision.models.reader.name} read ${text === '' ? 'nothing' : text} (${percent(confidence)}${from})`;
  });
  return [...lines, `  reading took ${(ms / looks.length).toFixed(0)} ms a plate`];
}

/** The second of two runs: the first one also warms the network up. */
async function measure<T>(run: () => Promise<T>): Promise<Readonly<{ value: T; ms: number }>> {
  await run();
  const start = performance.now();
  const value = await run();
  return { value, ms: performance.now() - start };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
