import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alpr-prepare-'));
  cpSync(join(ROOT, 'tools', 'prepare.js'), join(folder, 'tools', 'prepare.js'));
  cpSync(join(ROOT, 'tools', 'trim-packages.js'), join(folder, 'tools', 'trim-packages.js'));
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  const manifest = { type: 'module', dependencies: {}, devDependencies: {} };
  for (const name of ['package.json', 'package-lock.json', 'node_modules/.package-lock.json']) {
    writeFileSync(join(folder, name), JSON.stringify(manifest));
  }
});

afterEach(() => rmSync(folder, { recursive: true }));

const LOADER = 'node: error while loading shared libraries: ';
const NOT_FOUND = ': cannot open shared object file: No such file or directory';

// Names of the packages as Debian 12 has them.
test.skipIf(process.platform === 'win32').each([
  [`${LOADER}libatomic.so.1${NOT_FOUND}`, /libatomic\.so\.1 is missing\. .*apt-get install libatomic1\)/],
  [`${LOADER}libgcc_s.so.1${NOT_FOUND}`, /libgcc_s\.so\.1 is missing\. .*apt-get install libgcc-s1\)/],
  [`${LOADER}libstdc++.so.6${NOT_FOUND}`, /libstdc\+\+\.so\.6 is missing\. .*apt-get install libstdc\+\+6\)/],
  ["node: /lib/libc.so.6: version `GLIBC_2.28' not found", /expected glibc 2\.28 or newer/],
])('When the project’s Node says "%s", one sentence says what to do', (complaint, sentence) => {
  const node = join(folder, 'node_modules', '.bin', 'node');
  writeFileSync(node, `#!/bin/sh\ncat >&2 <<'END'\n${complaint}\nEND\nexit 127\n`, { mode: 0o755 });
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'tools', 'prepare.js'), 'start'], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(sentence);
});
