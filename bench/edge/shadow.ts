import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { printRows, type Row } from '../row.ts';

const ROUNDS = 5;
const BUDGETS = [0, 0.1, 1] as const;

type Once = Readonly<Record<'mean' | 'p99' | 'wall' | 'cpu' | 'finals' | 'compared' | 'read' | 'skipped', number>>;

/** What a challenger in the shadow costs the cameras: the same frames without one and with one, in turns. */
export async function run(): Promise<readonly Row[]> {
  const script = fileURLToPath(new URL('./shadow-once.ts', import.meta.url));
  const folder = await copyReader();
  const rounds = new Map<number, Once[]>(BUDGETS.map((cores) => [cores, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const cores of BUDGETS) {
      const { stdout } = await promisify(execFile)(process.execPath, [script, folder, String(cores)]);
      rounds.get(cores)?.push(JSON.parse(stdout) as Once);
    }
  }
  await rm(folder, { recursive: true });
  const median = (cores: number, of: keyof Once) =>
    (rounds.get(cores) ?? []).map((once) => once[of]).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  return BUDGETS.flatMap((cores): Row[] => {
    const name = cores === 0 ? 'without a challenger' : `with a challenger of ${cores} cores`;
    const compare = (of: keyof Once) =>
      cores === 0 ? {} : { ratio: median(cores, of) / median(0, of), against: 'without' };
    const rate = median(cores, 'cpu') / median(cores, 'wall');
    const looks = `${median(cores, 'read')} looks read, ${median(cores, 'skipped')} skipped, ${median(cores, 'compared')} of ${median(cores, 'finals')} passages compared`;
    return [
      { what: `a frame, ${name}`, value: median(cores, 'mean'), unit: 'ms', ...compare('mean') },
      { what: `the same, 99th percentile`, value: median(cores, 'p99'), unit: 'ms', ...compare('p99') },
      { what: `cores in use, ${name}${cores === 0 ? '' : ` (${looks})`}`, value: rate, unit: 'cores' },
    ];
  });
}

/** The shipped reader under another name: nobody is compared with himself. */
async function copyReader(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-shadow-'));
  await cp(fileURLToPath(new URL('../../models/alpr-read', import.meta.url)), folder, { recursive: true });
  const file = join(folder, 'model.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), name: 'alpr-read-copy' }));
  return folder;
}

if (import.meta.main) printRows(await run());
