import path from 'node:path';
import { installedFolder } from './cache.ts';
import { javaCommand } from './java.ts';
import { keepPorts } from './ports.ts';
import { answers } from './probes.ts';
import { openServerFolder, ServerControl } from './server.ts';

/** `url` is the base of the Confluent Schema Registry API, without a slash at its end. */
export type RegistryAddress = Readonly<{ url: string }>;

export type RegistryServer = RegistryAddress & Readonly<{ control: ServerControl }> & AsyncDisposable;

/** A schema registry (Apicurio, which speaks Confluent's API) whose ids survive kill -9. No password. */
export async function startRegistry(options: Readonly<{ folder?: string | undefined }> = {}): Promise<RegistryServer> {
  const folder = await openServerFolder('registry', options.folder);
  const [port = 0, managementPort = 0] = await keepPorts(2, folder);
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const control = await ServerControl.start({
    name: 'registry',
    folder,
    command: {
      command: javaCommand(160, ['-jar', path.join(installedFolder('registry'), 'quarkus-run.jar')]),
      environment: {
        ...stringsOf(process.env),
        QUARKUS_HTTP_HOST: '127.0.0.1',
        QUARKUS_HTTP_PORT: String(port),
        QUARKUS_MANAGEMENT_HOST: '127.0.0.1',
        QUARKUS_MANAGEMENT_PORT: String(managementPort),
        QUARKUS_LOG_LEVEL: 'WARN',
        APICURIO_STORAGE_KIND: 'sql',
        APICURIO_STORAGE_SQL_KIND: 'h2',
        APICURIO_DATASOURCE_URL: `jdbc:h2:file:${path.join(folder.path, 'schemas')}`,
        APICURIO_RULES_GLOBAL_COMPATIBILITY: 'BACKWARD',
      },
    },
    isReady: () => answers(`${url}/subjects`, [200]),
  });
  return { url, control, [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}

function stringsOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value ?? '']));
}
