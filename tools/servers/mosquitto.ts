import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { installedFolder } from './cache.ts';
import { keepPorts } from './ports.ts';
import { acceptsConnections } from './probes.ts';
import { keepSecret } from './secret.ts';
import { openServerFolder, ServerControl } from './server.ts';

const run = promisify(execFile);

/** `url` lets anybody in; `secureUrl` wants TLS with the authority `ca`, and the user and password. */
export type MosquittoAddress = Readonly<{ url: string; secureUrl: string; ca: string; user: string; password: string }>;

export type MosquittoServer = MosquittoAddress & Readonly<{ control: ServerControl }> & AsyncDisposable;

/** An MQTT broker that keeps what is retained over a restart. */
export async function startMosquitto(options: Readonly<{ folder?: string }> = {}): Promise<MosquittoServer> {
  const folder = await openServerFolder('mosquitto', options.folder);
  const [port = 0, securePort = 0] = await keepPorts(2, folder);
  const at = (name: string) => path.join(folder.path, name);
  const [user, password] = ['alpr', await keepSecret(at('password'))];
  const { cert: ca, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  await mkdir(at('kept'), { recursive: true });
  await Promise.all([writeFile(at('ca.pem'), ca), writeFile(at('key.pem'), key, { mode: 0o600 })]);
  const environment = { LD_LIBRARY_PATH: await findLibraries() };
  const program = (name: string) =>
    ['sbin', 'bin'].map((bin) => path.join(installedFolder('mosquitto'), 'usr', bin, name));
  const [broker = ''] = program('mosquitto');
  const [, passwd = ''] = program('mosquitto_passwd');
  await run(passwd, ['-b', '-c', at('users'), user, password], { env: environment });
  await writeFile(
    at('mosquitto.conf'),
    [
      ...[
        'per_listener_settings true',
        'persistence true',
        `persistence_location ${at('kept')}/`,
        'autosave_interval 1',
      ],
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      ...[`listener ${port} 127.0.0.1`, 'allow_anonymous true'],
      ...[`listener ${securePort} 127.0.0.1`, 'allow_anonymous false', `password_file ${at('users')}`],
      ...[`certfile ${at('ca.pem')}`, `keyfile ${at('key.pem')}`],
    ].join('\n'),
  );
  const control = await ServerControl.start({
    name: 'mosquitto',
    folder,
    command: { command: [broker, '-c', at('mosquitto.conf')], environment, cwd: folder.path },
    isReady: async () => (await acceptsConnections(port)) && acceptsConnections(securePort),
  });
  return {
    url: `mqtt://127.0.0.1:${port}`,
    secureUrl: `mqtts://127.0.0.1:${securePort}`,
    ...{ ca, user, password, control },
    [Symbol.asyncDispose]: () => control[Symbol.asyncDispose](),
  };
}

/** Folders of libraries in what was unpacked, whatever the architecture. */
async function findLibraries(): Promise<string> {
  const found: string[] = [];
  for (const parent of ['usr/lib', 'lib'].map((name) => path.join(installedFolder('mosquitto'), name))) {
    if (!existsSync(parent)) continue;
    const names = await readdir(parent);
    found.push(...names.filter((name) => name.includes('-linux-')).map((name) => path.join(parent, name)));
  }
  return found.join(path.delimiter);
}
