import type { Sighting } from '../vision/fuse/sighting.ts';
import { calibrateReading } from '../vision/read/calibrate-reading.ts';

/**
 * The Sighting with the confidences of its own camera: log-odds divided by a temperature (Guo et al., On calibration of modern
 * neural networks, 2017). The text, its characters and the order of the candidates stay.
 */
export function temperSighting(sighting: Sighting, temperature: number): Sighting {
  if (temperature === 1) return sighting;
  const { confidence, candidates } = calibrateReading(sighting, { a: 1 / temperature, b: 1 / temperature, c: 0 });
  return { ...sighting, confidence, candidates };
}
