import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { callAlpr, runAlpr } from './run-alpr.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'alpr.js');
const PICTURE = join(import.meta.dirname, '..', 'fixtures', 'tollgate-20.jpg');
/** Two photographs again and again: reads come as soon as the program runs. */
const OTHER_PICTURE = PICTURE.replace('-20', '-115');
const BUSY_ROAD = `{id: road, kind: pictures, path: [${PICTURE}, ${OTHER_PICTURE}], loop: true, realtime: false, fps: 100}`;
const folder = mkdtempSync(join(tmpdir(), 'alpr-ends-'));
writeFileSync(join(folder, 'file'), '');

afterAll(() => rmSync(folder, { recursive: true }));

describe('alpr ends, and says in a sentence why', () => {
  test.each([
    ['detector', []],
    ['reader', []],
    ['vehicle', []],
  ])(
    'where the %s is one that there is not',
    async (part) => {
      const { code, out } = await callAlpr(folder, [
        'doctor',
        '--set',
        `models.${part}=nothere`,
        '--set',
        'cameras=[]',
      ]);
      expect(out).toMatch(/^✗ .*nothere/m);
      expect(code).toBe(1);
    },
    120_000,
  );

  test.each([
    ['read', callAlpr, ['read', '--out', '/proc/x', PICTURE]],
    ['read', callAlpr, ['read', '--out', 'file/below', PICTURE]],
    ['start', runAlpr, ['start', '--set', 'data=/proc/x/y']],
    ['db', callAlpr, ['db', 'status', '--set', 'data=/proc/x']],
    ['edge', runAlpr, ['edge', '--set', 'images.kind=files', '--set', 'images.folder=/proc/x', '--set', 'data=edge']],
  ])(
    '%s with a folder that cannot be made',
    async (_, run, args) => {
      const { code, err } = await run(folder, args);
      expect(err.split('\n').at(-2)).toMatch(/^alpr: .*(\/proc\/x|file\/below)/);
      expect(err).not.toMatch(/\n {4}at /);
      expect(code).toBe(1);
    },
    120_000,
  );

  test.each([
    ['config --schema'],
    [`read --json ${PICTURE} ${PICTURE} ${PICTURE}`],
    [`edge --set log.level=error --set "cameras=[${BUSY_ROAD}]" --data piped`],
  ])(
    '%s, where whoever reads it has gone',
    async (args) => {
      const line = `set -o pipefail; "${process.execPath}" "${PROGRAM}" ${args} | head -n 1 | cut -c 1`;
      const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line], { cwd: folder });
      expect(stdout).toBe('{\n');
      expect(stderr).toBe('');
    },
    120_000,
  );
});

test('alpr models list marks the vehicle model that is in use', async () => {
  const flags = [
    '--set',
    'models.detector=other',
    '--set',
    'models.reader=other',
    '--set',
    'models.vehicle=alpr-detect',
  ];
  const { out } = await callAlpr(folder, ['models', 'list', ...flags]);
  const used = out.split('\n').filter((line) => line.endsWith('in use'));
  expect(used.map((line) => line.split(' ')[0])).toEqual(['alpr-detect']);
}, 120_000);
