import path from 'node:path';
import { installedFolder } from './cache.ts';
import { keepPorts } from './ports.ts';
import { answers } from './probes.ts';
import { openServerFolder, ServerControl } from './server.ts';

export type VictoriaLogsServer = Readonly<{ url: string; control: ServerControl }> & AsyncDisposable;

/** VictoriaLogs, which takes lines as Loki does. */
export async function startVictoriaLogs(
  options: Readonly<{ folder?: string | undefined }> = {},
): Promise<VictoriaLogsServer> {
  const folder = await openServerFolder('victoria-logs', options.folder);
  const [port = 0] = await keepPorts(1, folder);
  const url = `http://127.0.0.1:${port}`;
  const control = await ServerControl.start({
    name: 'victoria-logs',
    folder,
    command: {
      command: [
        path.join(installedFolder('victoria-logs'), 'victoria-logs'),
        `-httpListenAddr=127.0.0.1:${port}`,
        `-storageDataPath=${path.join(folder.path, 'data')}`,
        '-retentionPeriod=30d',
        '-loggerLevel=WARN',
      ],
      cwd: folder.path,
    },
    isReady: () => answers(`${url}/health`, [200]),
  });
  return { url, control, [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}
