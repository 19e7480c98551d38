import type { Random } from '../../src/camera/simulator/random.ts';
import type { Frame } from '../../src/vision/frame.ts';
import { Passage } from '../../src/vision/fuse/passage.ts';
import type { Sighting } from '../../src/vision/fuse/sighting.ts';
import { rateLook } from '../../src/vision/fuse/weight.ts';
import { completeOptions } from '../../src/vision/options.ts';
import { calibrateReading } from '../../src/vision/read/calibrate-reading.ts';
import type { ConfidenceCurve } from '../../src/vision/read/confidence-curve.ts';
import { measureCharHeight, measureLegibility } from '../../src/vision/read/legibility.ts';
import type { Reader } from '../../src/vision/read/reader.ts';
import { type PlacedPlate, varyLook } from './vary-look.ts';

const FRAME_MS = 100;
const MOST_LOOKS = 7;

type Job = Readonly<{ plate: PlacedPlate; reader: Reader; curve: ConfidenceCurve; random: Random }>;

/**
 * A passage of two to seven different looks at one plate through the real fusion, its confidence uncalibrated; undefined where the
 * evidence is too thin to be reported at all.
 */
export async function simulatePassage({ plate, reader, curve, random }: Job): Promise<Sighting | undefined> {
  const options = completeOptions({ passage: { finalConfidence: 0 } });
  let passage: Passage | undefined;
  const looks = 2 + Math.floor(random.next() * (MOST_LOOKS - 1));
  for (let sequence = 0; sequence < looks; sequence++) {
    const { image, corners } = await varyLook(plate, random);
    const frame: Frame = {
      cameraId: 'calibration',
      sequence,
      capturedAt: sequence * FRAME_MS,
      mediaTime: sequence * FRAME_MS,
      image,
    };
    passage ??= new Passage({ passageId: '1', trackId: 1, frame, options });
    const box = { x0: 2, y0: 2, x1: image.width - 2, y1: image.height - 2 };
    const detectionScore = random.between(0.6, 0.95);
    passage.see(frame, { box, corners, class: 'plate', score: detectionScore });
    const rectified = reader.rectify(image, corners);
    const legibility = measureLegibility(rectified, corners);
    const seen = { frame, box, corners, detectionScore, legibility };
    const look = { ...seen, quality: rateLook(seen, options.fusion) };
    const { minCharHeightPx, minSharpness, minReadConfidence } = options.passage;
    if (legibility.charHeightPx < minCharHeightPx || legibility.sharpness < minSharpness) continue;
    const [raw] = await reader.read([{ image, corners, plate: rectified }]);
    const reading = calibrateReading(raw, curve);
    if (reading.text === '' || reading.confidence < minReadConfidence) continue;
    const charHeightPx = measureCharHeight(corners, reading.lines ?? 1);
    passage.addReading({ ...look, legibility: { ...legibility, charHeightPx } }, reading);
  }
  return passage?.takeFinal();
}
