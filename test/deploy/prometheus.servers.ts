import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { installedFolder } from '../../tools/servers/cache.ts';
import { describeWith } from '../servers/describe-with.ts';

const FOLDER = path.resolve(import.meta.dirname, '..', '..', 'deploy', 'prometheus');

describeWith(['promtool'], 'Prometheus', () => {
  const promtool = path.join(installedFolder('promtool'), 'usr', 'bin', 'promtool');

  test.each(['alarms', 'cameras', 'servers', 'slo'])(
    'fires each alarm of %s.yaml where it should, and nowhere else',
    (name) => {
      const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', `${name}.test.yaml`], {
        cwd: FOLDER,
        encoding: 'utf8',
        // A quarter of its time goes into saving memory.
        env: { ...process.env, GOGC: '400' },
      });
      expect([status, stderr, stdout]).toEqual([0, '', expect.stringContaining('SUCCESS')]);
    },
    120_000,
  );
});
