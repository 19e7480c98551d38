import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../servers/cache.ts';
import { ServerControl } from '../servers/server.ts';

const run = promisify(execFile);

/** A Docker Engine; while it is open, `docker` of this process and its children asks it. */
export type Engine = Readonly<{ host: string }> & AsyncDisposable;

/**
 * The Docker Engine that DOCKER_HOST names, or else one of our own, which needs root and may be running already. Its images and volumes are kept between runs,
 * in the folder of the servers: remove that when you need the room.
 */
export async function openEngine(): Promise<Engine> {
  const given = process.env.DOCKER_HOST;
  if (given !== undefined) return { host: given, async [Symbol.asyncDispose]() {} };
  const folder = path.join(cacheFolder(), 'docker');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const host = `unix://${path.join(folder, 'docker.sock')}`;
  const answers = () => run('docker', ['--host', host, 'version']).then(() => true);
  process.env.DOCKER_HOST = host;
  if (await answers().catch(() => false)) return { host, async [Symbol.asyncDispose]() {} };
  const places = ['--data-root', 'data', '--exec-root', 'exec', '--pidfile', 'pid'];
  const control = await ServerControl.start({
    name: 'dockerd',
    folder: { path: folder, isTemporary: false },
    command: {
      command: ['dockerd', ...places.map((one, at) => (at % 2 === 0 ? one : path.join(folder, one))), '--host', host],
      cwd: folder,
    },
    isReady: answers,
  });
  return {
    host,
    async [Symbol.asyncDispose]() {
      delete process.env.DOCKER_HOST;
      await control[Symbol.asyncDispose]();
    },
  };
}
