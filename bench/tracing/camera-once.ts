import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { loadConfig } from '../../src/app/config.ts';
import { openServices } from '../../src/app/run.ts';
import { createLog } from '../../src/base/log.ts';
import { edgeService } from '../../src/edge/service.ts';
import type { TracedBy } from './open-traced.ts';

/** Runs an edge on a simulated camera that is traced as told; prints the processor seconds that it took. */
const PASSAGES = 4;
const given: TracedBy & Readonly<{ endpoint: string }> = JSON.parse(process.argv[2] ?? '{}');

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
