import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Deletes from node_modules what this machine never loads: binaries for other systems, C++ headers, an ffmpeg beside its own, and
 * second copies of OpenTelemetry, which is imported as modules; prom-client alone requires its API.
 */
export function trimPackages(packages, { keepsFfmpeg, platform = process.platform, arch = process.arch }) {
  const runtimes = join(packages, 'onnxruntime-node', 'bin', 'napi-v6');
  keepOnly(runtimes, (system) => system === platform);
  keepOnly(join(runtimes, platform), (processor) => processor === arch);
  const codec = join(packages, '@julusian', 'jpeg-turbo', 'prebuilds');
  keepOnly(codec, (build) => build.startsWith(`jpeg-turbo-${platform}-${arch}`));
  const nodes = join(packages, 'node', 'node_modules');
  for (const name of list(nodes).filter((name) => name.startsWith('node-'))) {
    keepOnly(join(nodes, name), (part) => part !== 'include' && part !== 'share');
  }
  const telemetry = join(packages, '@opentelemetry');
  for (const name of list(telemetry).filter((name) => name !== 'api')) {
    for (const file of readdirSync(join(telemetry, name), { recursive: true })) {
      if (/\.(?:cjs|d\.cts|map)$/.test(file)) rmSync(join(telemetry, name, file));
    }
  }
  const isFfmpegSpare = !keepsFfmpeg && spawnSync('ffmpeg', ['-version']).status === 0;
  if (isFfmpegSpare) keepOnly(join(packages, '@ffmpeg-installer'), (part) => part === 'ffmpeg');
}

function keepOnly(folder, isNeeded) {
  for (const name of list(folder)) {
    if (!isNeeded(name)) rmSync(join(folder, name), { recursive: true });
  }
}

function list(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}
