import type { Random } from '../../src/base/random.ts';
import type { Box } from '../../src/vision/box.ts';
import type { Frame } from '../../src/vision/frame.ts';
import { Passage } from '../../src/vision/fuse/passage.ts';
import type { Sighting } from '../../src/vision/fuse/sighting.ts';
import { rateLook } from '../../src/vision/fuse/weight.ts';
import type { RgbImage } from '../../src/vision/image.ts';
import { completeOptions } from '../../src/vision/options/pipeline.ts';
import { calibrateReading } from '../../src/vision/read/calibrate-reading.ts';
import type { ConfidenceCurve } from '../../src/vision/read/confidence-curve.ts';
import { measureCharHeight, measureLegibility } from '../../src/vision/read/legibility.ts';
import type { Reader } from '../../src/vision/read/reader.ts';
import { type PlacedPlate, varyLook } from './vary-look.ts';

const FRAME_MS = 100;
const MOST_LOOKS = 7;

type Job = Readonly<{
  plate: PlacedPlate;
  reader: Reader;
  curve: ConfidenceCurve;
  random: Random;
  readableShare?: number;
  /** Calibrates the confidence of the passage; as it is when left out. */
  passageCurve?: ConfidenceCurve | undefined;
}>;

/**
 * A passage of two to seven different looks at one plate through the real fusion, its confidence uncalibrated; undefined where the
 * evidence is too thin to be reported at all.
 */
export async function simulatePassage(job: Job): Promise<Sighting | undefined> {
  return (await followLooks(job))?.takeFinal();
}

/** The same as a passage that is not over. */
export async function followLooks({
  plate,
  reader,
  curve,
  random,
  readableShare = 0,
  passageCurve,
}: Job): Promise<Passage | undefined> {
  const options = completeOptions({
    passage: { finalConfidence: 0 },
    fusion: { readableShare },
    regions: reader.regions,
    ...(passageCurve ? { curve: passageCurve } : {}),
  });
  const { minCharHeightPx, minSharpness, minReadConfidence } = options.passage;
  let passage: Passage | undefined;
  const looks = 2 + Math.floor(random.next() * (MOST_LOOKS - 1));
  for (let sequence = 0; sequence < looks; sequence++) {
    const { image, corners } = await varyLook(plate, random);
    const seen = { ...frameLook(image, sequence), corners, detectionScore: random.between(0.6, 0.95), isWhole: true };
    passage ??= new Passage({ passageId: '1', trackId: 1, cameraId: 'calibration', first: seen.frame, options });
    passage.see(seen.frame, { ...seen, class: 'plate', score: seen.detectionScore });
    const rectified = reader.rectify(image, corners);
    const legibility = measureLegibility(rectified, corners);
    if (legibility.charHeightPx < minCharHeightPx || legibility.sharpness < minSharpness) continue;
    const [raw] = await reader.read([{ image, corners, plate: rectified }]);
    if (raw === undefined || raw.text === '' || raw.confidence < minReadConfidence) continue;
    const reading = calibrateReading(raw, curve);
    const quality = rateLook({ ...seen, legibility }, options.fusion);
    const charHeightPx = measureCharHeight(corners, reading.lines ?? 1);
    passage.addReading({ ...seen, quality, legibility: { ...legibility, charHeightPx } }, reading);
  }
  return passage;
}

/** The look as a frame of its own, the plate within its edges. */
function frameLook(image: RgbImage, sequence: number): Readonly<{ frame: Frame; box: Box }> {
  const time = sequence * FRAME_MS;
  const frame = { cameraId: 'calibration', sequence, capturedAt: time, mediaTime: time, image };
  return { frame, box: { x0: 2, y0: 2, x1: image.width - 2, y1: image.height - 2 } };
}
