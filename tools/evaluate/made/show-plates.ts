import type { Vision } from '../../../src/app/open-vision.ts';
import { cameraConfigSchema } from '../../../src/camera/config.ts';
import { openSimulator } from '../../../src/camera/simulator/simulator.ts';
import type { Box } from '../../../src/vision/box.ts';
import type { Image } from '../../../src/vision/image.ts';

/** A picture of the simulated road with a plate that is read right, and where the other plates in it are. */
export type Shown = Readonly<{ text: string; image: Image; box: Box; others: readonly Box[] }>;

/** A road that is not the default one. */
type Road = Readonly<{ width?: number; height?: number; passages_per_minute?: number }>;

/** Plates that are read right as they are, one picture of each. */
export async function showPlates(
  vision: Vision,
  { plates, seed, road = {} }: Readonly<{ plates: number; seed: number; road?: Road }>,
): Promise<readonly Shown[]> {
  const config = cameraConfigSchema.parse({
    kind: 'simulator',
    id: 'cut',
    realtime: false,
    fps: 4,
    night: false,
    ...road,
    seed,
  });
  if (config.kind !== 'simulator') return [];
  await using camera = await openSimulator(config);
  const found = new Map<string, Shown>();
  const isShown = () => new Set(camera.truth().map(({ text }) => text));
  for await (const { image } of camera.frames(new AbortController().signal)) {
    const seen = (await vision.recognise(image)).map(({ detection, reading: { text } }) => ({
      box: detection.box,
      text,
    }));
    for (const { box, text } of seen) {
      const others = seen.filter((other) => other.box !== box).map((other) => other.box);
      if (box.x1 - box.x0 >= 80) found.set(text, { text, image, box, others });
    }
    const shown = isShown();
    if ([...found.keys()].filter((text) => shown.has(text)).length >= plates) break;
  }
  const shown = isShown();
  return [...found.values()].filter(({ text }) => shown.has(text)).slice(0, plates);
}
