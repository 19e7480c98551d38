import { cameraConfigSchema } from '../../../src/camera/config.ts';
import { openSimulator, type SimulatedPassage } from '../../../src/camera/simulator/simulator.ts';

/** Opens a simulator by the fields of its configuration; `heard` fills with the passages it tells of. */
export async function openRoad(fields: object) {
  const config = cameraConfigSchema.parse({ kind: 'simulator', id: 'road', ...fields });
  if (config.kind !== 'simulator') throw new TypeError('These fields are not those of a simulator');
  const heard: SimulatedPassage[] = [];
  return { camera: await openSimulator(config, { onPassage: (passage) => heard.push(passage) }), heard };
}
