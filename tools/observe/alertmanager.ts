import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringifyYaml } from '../../src/base/yaml.ts';
import { keepPorts } from '../servers/ports.ts';
import { answers } from '../servers/probes.ts';
import { openServerFolder, ServerControl } from '../servers/server.ts';
import { withItsFiles } from './debian.ts';

export type AlertmanagerServer = Readonly<{ url: string; control: ServerControl }> & AsyncDisposable;

/** An Alertmanager of its own on a free port of 127.0.0.1; `config` is what stands in alertmanager.yaml. */
export async function startAlertmanager(
  options: Readonly<{ config: Readonly<Record<string, unknown>>; folder?: string | undefined }>,
): Promise<AlertmanagerServer> {
  const folder = await openServerFolder('alertmanager', options.folder);
  const [port = 0] = await keepPorts(1, folder);
  const file = join(folder.path, 'alertmanager.yaml');
  await writeFile(file, stringifyYaml(options.config), { mode: 0o600 });
  const url = `http://127.0.0.1:${port}`;
  const control = await ServerControl.start({
    name: 'alertmanager',
    folder,
    command: {
      command: [
        ...withItsFiles('alertmanager', 'prometheus-alertmanager'),
        `--config.file=${file}`,
        `--storage.path=${join(folder.path, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        // No other one that it would agree with.
        '--cluster.listen-address=',
        '--log.level=warn',
      ],
      cwd: folder.path,
    },
    isReady: () => answers(`${url}/-/ready`, [200]),
  });
  return { url, control, [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}
