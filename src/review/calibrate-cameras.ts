import { binByMass, measureEce, type ReliabilityBin } from '../eval/score-confidence.ts';
import type { ReviewedRead } from '../store/reviewed-reads.ts';
import { clampTemperature, fitTemperature, temper } from './fit-temperature.ts';

/** Decisions on a camera's reads below which nothing is changed, and bins in which its reliability is told. */
const FEW = 50;
const BINS = 5;

/** By how much the decisions left out must be likelier, as a logarithm: what a parameter costs by Akaike (1974). */
const WORTH = 1;

/** The temperature that is in force at a camera, and since when. */
export type InForce = Readonly<{ temperature: number; since: Date | undefined }>;

/** How well the confidences of decided reads say how many are right. */
export type Reliability = Readonly<{ bins: readonly ReliabilityBin[]; ece: number; loss: number }>;

/** What people's decisions say of one camera. */
export type CameraCalibration = Readonly<{
  site: string;
  camera: string;
  reads: number;
  wrong: number;
  /** In force now, and as the decisions would have it. */
  temperature: number;
  fitted: number;
  before: Reliability;
  /** Each half of the reads under the temperature that was fitted to the other half. */
  after: Reliability;
  /** Whether there are decisions enough, and those left out agree. */
  isBetter: boolean;
}>;

/** Fits a temperature to each camera; reads of before the temperature in force are left out. */
export function calibrateCameras(
  reads: readonly ReviewedRead[],
  inForce: (camera: string, site: string) => InForce,
): readonly CameraCalibration[] {
  const cameras = Map.groupBy(reads, ({ site, camera }) => JSON.stringify([site, camera]));
  return [...cameras.values()].flatMap((all) => {
    const [first] = all;
    if (!first) return [];
    const { temperature, since } = inForce(first.camera, first.site);
    const judged = all.filter(({ at }) => since === undefined || at >= since);
    return judged.length === 0 ? [] : [calibrate(judged, first, temperature)];
  });
}

function calibrate(
  judged: readonly ReviewedRead[],
  { site, camera }: ReviewedRead,
  temperature: number,
): CameraCalibration {
  const before = describe(judged);
  const after = describe(crossFit(judged));
  const fitted = clampTemperature(temperature * fitTemperature(judged));
  return {
    site,
    camera,
    reads: judged.length,
    wrong: judged.filter(({ right }) => !right).length,
    temperature,
    fitted,
    before,
    after,
    isBetter: judged.length >= FEW && fitted !== temperature && judged.length * (before.loss - after.loss) > WORTH,
  };
}

/** Halves by the last digit of the event's id, which is random. */
function crossFit(judged: readonly ReviewedRead[]): readonly ReviewedRead[] {
  const isOdd = ({ id }: ReviewedRead) => Number.parseInt(id.slice(-1), 16) % 2 === 1;
  const [odd, even] = [judged.filter(isOdd), judged.filter((one) => !isOdd(one))];
  return [...temper(odd, fitTemperature(even)), ...temper(even, fitTemperature(odd))];
}

function describe(judged: readonly ReviewedRead[]): Reliability {
  const bins = binByMass(judged, BINS);
  const loss = judged.reduce((sum, { confidence, right }) => {
    const p = Math.min(1 - 1e-5, Math.max(1e-5, confidence));
    return sum - Math.log(right ? p : 1 - p);
  }, 0);
  return { bins, ece: measureEce(bins), loss: loss / judged.length };
}
