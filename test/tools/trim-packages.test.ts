import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const MODULE = pathToFileURL(join(ROOT, 'tools', 'trim-packages.js'));
const { platform, arch } = process;
const runtime = (system: string, processor: string) =>
  `onnxruntime-node/bin/napi-v6/${system}/${processor}/onnxruntime_binding.node`;
const codec = (build: string) => `@julusian/jpeg-turbo/prebuilds/jpeg-turbo-${build}/node-napi-v7.node`;
const needed = [
  runtime(platform, arch),
  codec(`${platform}-${arch}`),
  `node/node_modules/node-${platform}-${arch}/bin/node`,
  `node/node_modules/node-${platform}-${arch}/LICENSE`,
  '@ffmpeg-installer/ffmpeg/index.js',
  '@opentelemetry/api/dist/index.cjs',
  '@opentelemetry/core/dist/index.mjs',
];
const foreign = [
  runtime('beos', arch),
  runtime(platform, 'vax'),
  codec('beos-x64'),
  `node/node_modules/node-${platform}-${arch}/include/node/v8.h`,
  '@opentelemetry/core/dist/index.cjs',
  '@opentelemetry/core/node_modules/one/dist/index.mjs.map',
];
const ffmpeg = `@ffmpeg-installer/${platform}-${arch}/ffmpeg`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alpr-trim-'));
  for (const file of [...needed, ...foreign, ffmpeg]) cpSync(join(ROOT, 'LICENSE'), join(folder, 'packages', file));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('What other systems need is deleted, and what this one needs stays', () => {
  trim('');
  expect(listFiles()).toEqual([...needed, ffmpeg].sort());
});

test('The bundled ffmpeg goes where the system has one', () => {
  cpSync('/bin/true', join(folder, 'bin', 'ffmpeg'));
  trim(join(folder, 'bin'));
  expect(listFiles()).toEqual(needed.toSorted());
});

test('The bundled ffmpeg stays for development', () => {
  cpSync('/bin/true', join(folder, 'bin', 'ffmpeg'));
  trim(join(folder, 'bin'), true);
  expect(listFiles()).toEqual([...needed, ffmpeg].sort());
});

test('On arm64 what is for arm64 stays, and what is for x64 goes', () => {
  const wanted = [runtime('linux', 'arm64'), codec('linux-arm64')];
  for (const file of [...wanted, runtime('linux', 'x64'), codec('linux-x64'), codec('linux-arm')])
    cpSync(join(ROOT, 'LICENSE'), join(folder, 'packages', file));
  trim('', true, ", platform: 'linux', arch: 'arm64'");
  expect(listFiles().filter((file) => /onnxruntime|jpeg-turbo/.test(file))).toEqual(wanted.toSorted());
});

test('A folder without packages is no fault', () => {
  rmSync(join(folder, 'packages'), { recursive: true });
  trim('');
});

function trim(path: string, keepsFfmpeg = false, more = ''): void {
  const packages = JSON.stringify(join(folder, 'packages'));
  const script = `import { trimPackages } from '${MODULE}'; trimPackages(${packages}, { keepsFfmpeg: ${keepsFfmpeg}${more} });`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: { PATH: path },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

function listFiles(): readonly string[] {
  const entries = readdirSync(join(folder, 'packages'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => relative(join(folder, 'packages'), file)).sort();
}
