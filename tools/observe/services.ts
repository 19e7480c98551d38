import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { answers } from '../servers/probes.ts';
import { ServerControl } from '../servers/server.ts';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');

/** Starts a command of the program, such as `ingest`, with a log in a folder of its own, and waits until it answers. */
export async function startService(
  options: Readonly<{ name: string; folder: string; configFile: string; port: number }>,
): Promise<ServerControl> {
  const { name, configFile, port } = options;
  const path = join(options.folder, name);
  await mkdir(path, { recursive: true });
  return ServerControl.start({
    name,
    folder: { path, isTemporary: false },
    command: { command: [process.execPath, PROGRAM, '--config', configFile, name], cwd: path },
    isReady: () => answers(`http://127.0.0.1:${port}/health/live`, [200]),
  });
}

/** Makes a token that lets through what is named. */
export async function createToken(configFile: string, permission: string): Promise<string> {
  const asked = ['tokens', 'create', '--name', `observe ${permission}`, '--permissions', permission];
  const { stdout } = await run(process.execPath, [PROGRAM, '--config', configFile, ...asked, '--expires', 'never']);
  return stdout.trim();
}
