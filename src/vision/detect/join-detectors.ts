import type { Detector } from './detector.ts';

/**
 * One Detector of two: plates by the first, vehicles by the second, for plate models that know no vehicles. Both look at the same
 * picture at once; a look at another size is for plates alone.
 */
export function joinDetectors(plates: Detector, vehicles: Detector): Detector {
  return {
    highScore: plates.highScore,
    async detect(source) {
      const looks = [plates.detect(source), source.zoom ? [] : vehicles.detect(source)] as const;
      const [ofPlates, ofVehicles] = await Promise.all(looks);
      return [
        ...ofPlates.filter((detection) => detection.class === 'plate'),
        ...ofVehicles.filter((detection) => detection.class !== 'plate'),
      ];
    },
  };
}
