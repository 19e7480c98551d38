import { measureIou, type toQuad } from '../vision/geometry.ts';
import type { RgbImage } from '../vision/image.ts';
import type { Recognition } from '../vision/recognise.ts';
import { describeText } from './describe-text.ts';
import type { SearchRecord } from './measured.ts';
import { findCorners } from './read-crop.ts';
import type { TextRecord } from './records.ts';
import type { TrueFile, TruePlate } from './truth.ts';
import type { WatchedVision } from './watched-vision.ts';

/** Overlap at which a reported text belongs to a labelled plate. */
const SAME_PLATE = 0.5;

/** Searches a picture: detections as all looks of the detector gave them, texts as the whole chain reports them. */
export async function searchScene(
  file: TrueFile,
  image: RgbImage,
  vision: WatchedVision,
): Promise<Readonly<{ texts: readonly TextRecord[]; searches: readonly SearchRecord[] }>> {
  const recognitions = await vision.recognise(image);
  const texts: TextRecord[] = [];
  for (const plate of file.plates) {
    if (plate.text === undefined) continue;
    const report = findReport(plate, recognitions);
    const trueCorners = plate.corners || plate.box ? findCorners(plate, image) : undefined;
    const { corners, reading } = report ?? {};
    texts.push(describeText({ file, plate: { ...plate, text: plate.text }, corners, trueCorners, reading }));
  }
  return { texts, searches: [...listPlates(file, image, vision), ...listVehicles(file, vision)] };
}

/** The best overlapping report; where the plate has no box, the report with the best reading. */
function findReport({ box }: TruePlate, recognitions: readonly Recognition[]): Recognition | undefined {
  if (!box) return recognitions[0];
  const overlap = (recognition: Recognition) => measureIou(box, recognition.detection.box);
  const near = recognitions.filter((recognition) => overlap(recognition) >= SAME_PLATE);
  return near.toSorted((a, b) => overlap(b) - overlap(a))[0];
}

function listPlates(file: TrueFile, image: RgbImage, { clock }: WatchedVision): SearchRecord[] {
  if (!file.hasPlateLabels || file.plates.some(({ box, corners }) => !box && !corners)) return [];
  const truth = file.plates.map((plate) => ({
    box: plate.box ?? surround(findCorners(plate, image)),
    ...(plate.corners ? { corners: findCorners(plate, image) } : {}),
  }));
  const found = clock.detections.filter(({ class: name }) => name === 'plate');
  return [{ class: 'plate', truth, found }];
}

function surround(corners: ReturnType<typeof toQuad>) {
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

/** Vehicles by class where all labels of the picture have one, else all together. */
function listVehicles({ vehicles }: TrueFile, { clock }: WatchedVision): SearchRecord[] {
  if (vehicles.length === 0) return [];
  const found = clock.detections.filter(({ class: name }) => name !== 'plate');
  if (vehicles.some((vehicle) => vehicle.class === undefined)) return [{ class: 'vehicle', truth: vehicles, found }];
  return (['car', 'truck', 'bus', 'motorcycle'] as const).map((name) => ({
    class: name,
    truth: vehicles.filter((vehicle) => vehicle.class === name),
    found: found.filter((detection) => detection.class === name),
  }));
}
