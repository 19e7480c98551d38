import { performance } from 'node:perf_hooks';
import { loadConfig } from '../../src/app/config.ts';
import { openShadow } from '../../src/app/open-shadow.ts';
import { openVision } from '../../src/app/open-vision.ts';
import { createLog } from '../../src/base/log.ts';
import { cameraConfigSchema } from '../../src/camera/config.ts';
import { openCamera } from '../../src/camera/open.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';

/**
 * One camera through the pipeline as fast as it goes, with the challenger of a folder and so many cores in its shadow, or 0 for none. Prints as JSON
 * what a frame took (milliseconds of mean and 99th percentile), the wall and processor seconds of all, and what became of the looks.
 */
const [, , folder = '', given = '0'] = process.argv;
const cores = Number(given);
const log = createLog({ level: 'error' });
const shadow = cores > 0 ? [`models.shadow.reader=${folder}`, `models.shadow.cores=${cores}`] : [];
const config = loadConfig({ environment: {}, settings: shadow });
const telemetry = new Telemetry();
await using vision = await openVision(config, log);
await using _shadow = await openShadow({ config, vision, telemetry, log });
const settings = { kind: 'simulator', id: 'road', realtime: false, passages: 12, night: false, seed: 4 };
await using camera = await openCamera(cameraConfigSchema.parse(settings), { log });
const pipeline = vision.createPipeline(camera);
const took: number[] = [];
const begun = process.cpuUsage();
const from = performance.now();
let [finals, compared] = [0, 0];
for await (const frame of camera.frames(new AbortController().signal)) {
  const start = performance.now();
  const { sightings } = await pipeline.observe(frame);
  took.push(performance.now() - start);
  for (const { status, shadow: said } of sightings) {
    if (status !== 'final') continue;
    finals += 1;
    if (said) compared += 1;
  }
}
const wall = (performance.now() - from) / 1000;
const { user, system } = process.cpuUsage(begun);
const sorted = took.toSorted((a, b) => a - b);
const values = await telemetry.listValues();
const looks = (outcome: string) =>
  values.find(({ name, labels }) => name === 'alpr_shadow_looks_total' && labels.outcome === outcome)?.value ?? 0;
const result = {
  mean: took.reduce((sum, ms) => sum + ms, 0) / took.length,
  p99: sorted[Math.floor(0.99 * sorted.length)] ?? 0,
  ...{ wall, cpu: (user + system) / 1e6, finals, compared, read: looks('read'), skipped: looks('skipped') },
};
process.stdout.write(JSON.stringify(result));
