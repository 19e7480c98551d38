import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { given, load } from './open-traced.ts';

/** Runs an edge on a simulated camera by the sources of one tree; prints the processor seconds that it took. */
const PASSAGES = 4;

const [{ loadConfig }, { openServices }, { edgeService }, { createLog }] = await Promise.all([
  load<typeof import('../../src/app/config.ts')>('app/config.ts'),
  load<typeof import('../../src/app/run.ts')>('app/run.ts'),
  load<typeof import('../../src/edge/service.ts')>('edge/service.ts'),
  load<typeof import('../../src/base/log.ts')>('base/log.ts'),
]);

const folder = await mkdtemp(`${tmpdir()}/bench-camera-`);
const camera = { kind: 'simulator', id: 'gate', realtime: false, passages: PASSAGES, night: false, lanes: 1 };
const { share, most, endpoint } = given;
const traced =
  share === undefined ? [] : [`tracing.endpoint=${endpoint}`, 'tracing.protocol=http', `tracing.share=${share}`];
const limited = most === undefined ? [] : [`tracing.max_per_second=${most}`];
const config = loadConfig({
  environment: {},
  settings: [`data=${folder}`, `cameras=${JSON.stringify([camera])}`, 'edge.follow_page=false', ...traced, ...limited],
});
const running = await openServices({
  config,
  command: 'edge',
  services: [edgeService],
  log: createLog({ level: 'error' }),
});
const begun = process.cpuUsage();
await running.byName.get('edge')?.ended;
await running[Symbol.asyncDispose]();
const { user, system } = process.cpuUsage(begun);
process.stdout.write(String((user + system) / 1e6));
await rm(folder, { recursive: true });
