import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringifyYaml } from '../../src/base/yaml.ts';
import { installedFolder } from '../servers/cache.ts';
import { findFreePorts } from '../servers/ports.ts';
import { answers } from '../servers/probes.ts';
import { ServerControl } from '../servers/server.ts';

/** What exporters of Debian tell of; the name is that of the job in prometheus.yaml, but for `process` and `elasticsearch`. */
export type ExporterName = 'node' | 'postgres' | 'process' | 'blackbox' | 'elasticsearch';

export type Exporter = Readonly<{ name: ExporterName; port: number; control: ServerControl }>;

type Watched = Readonly<{
  /** Address of the database, with a user and password. */
  postgres: string | undefined;
  /** Address of OpenSearch. */
  opensearch: string | undefined;
}>;

/** Starts those that have something to look at; `opened` closes them. */
export async function startExporters(
  opened: AsyncDisposableStack,
  folder: string,
  watched: Watched,
): Promise<readonly Exporter[]> {
  const names = (['node', 'postgres', 'process', 'blackbox', 'elasticsearch'] as const).filter(
    (name) => (name !== 'postgres' || watched.postgres) && (name !== 'elasticsearch' || watched.opensearch),
  );
  const ports = await findFreePorts(names.length);
  return Promise.all(
    names.map(async (name, at) => {
      const port = ports[at] ?? 0;
      const path = join(folder, `${name}-exporter`);
      await mkdir(path, { recursive: true });
      const flags = await prepare(name, path, watched);
      const control = await ServerControl.start({
        name: `${name}-exporter`,
        folder: { path, isTemporary: false },
        command: {
          command: [
            join(installedFolder('exporters'), 'usr', 'bin', `prometheus-${name}-exporter`),
            ...flags,
            `--web.listen-address=127.0.0.1:${port}`,
          ],
          cwd: path,
          environment: { PATH: process.env.PATH ?? '', DATA_SOURCE_NAME: `${watched.postgres ?? ''}?sslmode=disable` },
        },
        isReady: () => answers(`http://127.0.0.1:${port}/metrics`, [200]),
      });
      opened.use(control);
      return { name, port, control };
    }),
  );
}

async function prepare(name: ExporterName, folder: string, { opensearch }: Watched): Promise<readonly string[]> {
  const file = join(folder, 'settings.yaml');
  switch (name) {
    case 'node':
    case 'postgres':
      return [];
    case 'process':
      // Processes of Node name themselves after their thread, MainThread; what started them is in their command line.
      await writeFile(
        file,
        stringifyYaml({
          process_names: [
            { name: '{{.ExeBase}}', exe: ['node', 'java', 'weed', 'ffmpeg'] },
            { name: '{{.Comm}}', comm: ['postgres'] },
          ],
        }),
      );
      // What nobody asks for takes most of its time where many run.
      return [`--config.path=${file}`, '--threads=false', '--children=false', '--gather-smaps=false'];
    case 'blackbox':
      await writeFile(file, stringifyYaml({ modules: { http_2xx: { prober: 'http', timeout: '5s' } } }));
      return [`--config.file=${file}`];
    case 'elasticsearch':
      return [`--es.uri=${opensearch}`];
  }
}
