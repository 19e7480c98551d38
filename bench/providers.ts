import { join } from 'node:path';
import { loadConfig } from '../src/app/config.ts';
import { openVision, type Vision } from '../src/app/open-vision.ts';
import { messageOf } from '../src/base/errors.ts';
import { createLog } from '../src/base/log.ts';
import { decodePicture } from '../src/camera/pictures.ts';
import type { Recognition } from '../src/vision/recognise.ts';
import { printRows, type Row } from './row.ts';
import { compare, measure } from './vision/measure.ts';

const FIXTURES = join(import.meta.dirname, '..', 'test', 'fixtures');
const PICTURES = ['tollgate-115.jpg', 'tollgate-20.jpg', 'tollgate-315.jpg'];
const IN_PROCESS = ['cpu', 'cuda', 'tensorrt'];
const CAMERAS = 8;

type Figures = Readonly<{
  detect: number;
  readOne: number;
  readEight: number;
  together: number;
  found: readonly Recognition[];
}>;

/**
 * What each execution provider of this machine takes for a picture and for plates, and whether it reads what the CPU reads; and the
 * same for inference servers. Baseline: the CPU in this process.
 */
export async function run(servers: readonly string[] = []): Promise<readonly Row[]> {
  const targets = [
    ...IN_PROCESS.map((name) => ({ name, settings: [`models.providers=[${name}]`] })),
    ...servers.map((url) => ({ name: url, settings: [`models.server.url=${url}`, 'models.server.deadline_ms=60000'] })),
  ];
  const rows: Row[] = [];
  let cpu: Figures | undefined;
  for (const { name, settings } of targets) {
    try {
      await using vision = await openVision(loadConfig({ environment: {}, settings }), createLog({ level: 'silent' }));
      const figures = await measureVision(vision);
      cpu ??= figures;
      rows.push(...describe(name, figures, cpu));
    } catch (error) {
      process.stdout.write(`${name} cannot be measured: ${messageOf(error).split('\n')[0]}\n`);
    }
  }
  return rows;
}

async function measureVision(vision: Vision): Promise<Figures> {
  const pictures = await Promise.all(PICTURES.map((name) => decodePicture(join(FIXTURES, name))));
  const found = (await Promise.all(pictures.map((picture) => vision.recognise(picture)))).flat();
  const [image] = pictures;
  const [{ corners } = {}] = image ? await vision.recognise(image) : [];
  if (!image || !corners) throw new Error('expected a plate in the first picture');
  const one = [{ image, corners }];
  const eight = Array.from({ length: 8 }, () => one).flat();
  const detectAtOnce = () => Promise.all(Array.from({ length: CAMERAS }, () => vision.detector.detect({ image })));
  return {
    detect: await measure(() => vision.detector.detect({ image })),
    readOne: await measure(() => vision.reader.read(one)),
    readEight: await measure(() => vision.reader.read(eight)),
    together: (await measure(detectAtOnce)) / CAMERAS,
    found,
  };
}

function describe(name: string, figures: Figures, cpu: Figures): readonly Row[] {
  const against = (what: string, pick: (figures: Figures) => number) =>
    compare(`${name}: ${what}`, pick(figures), 'the CPU', pick(cpu));
  const same = figures.found.filter(({ reading }, index) => reading.text === cpu.found[index]?.reading.text).length;
  const apart = figures.found.map(({ reading }, index) =>
    Math.abs(reading.confidence - (cpu.found[index]?.reading.confidence ?? 0)),
  );
  return [
    against('detect in one picture', ({ detect }) => detect),
    against(`detect, ${CAMERAS} cameras at once, for each picture`, ({ together }) => together),
    against('read one plate', ({ readOne }) => readOne),
    against('read eight plates', ({ readEight }) => readEight),
    { what: `${name}: plates read as on the CPU, of ${cpu.found.length}`, value: same, unit: 'plates' },
    { what: `${name}: greatest difference of a confidence`, value: Math.max(0, ...apart), unit: '' },
  ];
}

if (import.meta.main) printRows(await run());
