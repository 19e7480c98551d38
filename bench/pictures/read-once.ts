import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { constants, PerformanceObserver } from 'node:perf_hooks';

/**
 * Reads pictures with `alpr read --json` of one tree, in this process; prints what one costs on average, in milliseconds of
 * processor time, stage by stage, and a hash of what was read of each.
 */
type Given = Readonly<{ root: string; pictures: readonly string[]; warmUp: number }>;

/** What {@link measure} prints. */
export type Cost = Readonly<{
  total: number;
  stages: Readonly<Record<string, number>>;
  collections: Readonly<{ count: number; full: number; clockMs: number }>;
  read: readonly string[];
}>;

const STAGES = ['decode', 'letterbox', 'detector', 'reader'] as const;
type Stage = (typeof STAGES)[number];
type Collection = PerformanceEntry & Readonly<{ detail: Readonly<{ kind: number }> }>;

if (import.meta.main) await measure(JSON.parse(process.argv[2] ?? '{}'));

async function measure({ root, pictures, warmUp }: Given): Promise<void> {
  const load = <Module>(path: string): Promise<Module> => import(join(root, 'src', path));
  const [{ Letterbox }, { OnnxLane }] = await Promise.all([
    load<typeof import('../../src/vision/detect/letterbox.ts')>('vision/detect/letterbox.ts'),
    load<typeof import('../../src/models/onnx-lane.ts')>('models/onnx-lane.ts'),
  ]);
  const spent: Record<Stage, number> = { decode: 0, letterbox: 0, detector: 0, reader: 0 };
  const collections = { count: 0, full: 0, clockMs: 0 };
  const lines: string[] = [];
  let [pictureBegan, isDecoded, began] = [readClock(), false, 0];

  const fit = Letterbox.prototype.fit;
  Letterbox.prototype.fit = function (...given) {
    const start = readClock();
    if (!isDecoded) spent.decode += start - pictureBegan;
    isDecoded = true;
    const fitted = fit.apply(this, given);
    spent.letterbox += readClock() - start;
    return fitted;
  };
  const run = OnnxLane.prototype.run;
  OnnxLane.prototype.run = async function (feeds) {
    const start = readClock();
    const output = await run.call(this, feeds);
    spent['detections' in output ? 'detector' : 'reader'] += readClock() - start;
    return output;
  };
  const observer = new PerformanceObserver((list) => {
    if (lines.length < warmUp) return;
    for (const { duration, detail } of list.getEntries() as Collection[]) {
      collections.count += 1;
      if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections.full += 1;
      collections.clockMs += duration;
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  const write = process.stdout.write.bind(process.stdout);
  // One line comes for each picture, when it is done.
  process.stdout.write = ((line: string) => {
    lines.push(line);
    pictureBegan = readClock();
    isDecoded = false;
    if (lines.length === warmUp) {
      began = pictureBegan;
      for (const stage of STAGES) spent[stage] = 0;
    }
    return true;
  }) as typeof process.stdout.write;
  process.argv.splice(2, Infinity, 'read', '--json', ...pictures);
  await load('cli.ts');
  process.stdout.write = write;
  const count = pictures.length - warmUp;
  const total = (pictureBegan - began) / count;
  const stages = Object.fromEntries(STAGES.map((stage) => [stage, spent[stage] / count]));
  write(JSON.stringify({ total, stages, collections, read: lines.map(describe) } satisfies Cost));
}

/** Milliseconds of processor time of this process so far, all threads together. */
function readClock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The texts of a picture, in the order in which they are reported. */
function describe(line: string): string {
  const { image, plates } = JSON.parse(line) as Readonly<{ image: string; plates: readonly { text: string }[] }>;
  return `${createHash('md5').update(image).digest('hex').slice(0, 6)} ${plates.map(({ text }) => text).join(' ')}`;
}
