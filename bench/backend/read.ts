import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/app/config.ts';
import { openVision } from '../../src/app/open-vision.ts';
import { createLog } from '../../src/base/log.ts';
import { decodePicture } from '../../src/camera/pictures.ts';
import { printRows, type Row } from '../row.ts';
import { openBenchApi } from './bench-api.ts';
import { quantile } from './store.ts';

const ROUNDS = 60;
const WARM_UPS = 10;
const PICTURE = join(import.meta.dirname, '../../test/fixtures/tollgate-20.jpg');

/**
 * A picture of 1280×720 with one plate, sent to `/api/v1/read` as a file by one client, no camera running. Baseline: the same picture as
 * `alpr read` reads it, decoded and recognised in this process, one after the other in turn.
 */
export async function run(): Promise<readonly Row[]> {
  await using api = await openBenchApi();
  const jpeg = new Uint8Array(await readFile(PICTURE));
  const authorization = await api.createCaller();
  await using vision = await openVision(loadConfig({ environment: {}, settings: [] }), createLog({ level: 'warn' }));
  const request = async () => {
    const body = new FormData();
    body.set('image', new Blob([jpeg]), 'picture.jpg');
    const response = await fetch(`${api.url}/api/v1/read`, { method: 'POST', headers: { authorization }, body });
    if (response.status !== 200) throw new Error(`expected 200, got ${response.status}`);
    await response.arrayBuffer();
  };
  const inProcess = async () => void (await vision.recognise(await decodePicture(jpeg)));
  const times = { request: [] as number[], inProcess: [] as number[] };
  for (let round = 0; round < WARM_UPS + ROUNDS; round += 1) {
    for (const [name, work] of [
      ['request', request],
      ['inProcess', inProcess],
    ] as const) {
      const start = performance.now();
      await work();
      if (round >= WARM_UPS) times[name].push(performance.now() - start);
    }
  }
  const baseline = quantile(times.inProcess, 0.5);
  const rows: Row[] = [
    { what: 'alpr read, 1280×720, one plate, in process, p50', value: baseline, unit: 'ms', ratio: 1 },
  ];
  for (const share of [0.5, 0.99]) {
    const value = quantile(times.request, share);
    rows.push({ what: `POST /read of the same picture, p${share * 100}`, value, unit: 'ms', ratio: value / baseline });
  }
  return rows;
}

if (import.meta.main) printRows(await run());
