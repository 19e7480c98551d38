import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installedFolder } from './cache.ts';
import { keepPorts } from './ports.ts';
import { acceptsConnections, answers } from './probes.ts';
import { keepSecret } from './secret.ts';
import { openServerFolder, ServerControl } from './server.ts';

/** A store without buckets; the key pair may do everything. Buckets are addressed by path (`endpoint/bucket/key`). */
export type S3Address = Readonly<{ endpoint: string; region: string; accessKeyId: string; secretAccessKey: string }>;

export type S3Server = S3Address & Readonly<{ control: ServerControl }> & AsyncDisposable;

/** An S3 server (SeaweedFS) with a key pair made for its folder. */
export async function startS3(options: Readonly<{ folder?: string | undefined }> = {}): Promise<S3Server> {
  const folder = await openServerFolder('s3', options.folder);
  const ports = await keepPorts(8, folder);
  const [port = 0, portGrpc = 0, master = 0] = ports;
  const accessKeyId = 'alpr';
  const secretAccessKey = await keepSecret(path.join(folder.path, 'secret'));
  const identities = path.join(folder.path, 's3.json');
  await writeFile(identities, formatIdentities(accessKeyId, secretAccessKey), { mode: 0o600 });
  const endpoint = `http://127.0.0.1:${port}`;
  const control = await ServerControl.start({
    name: 's3',
    folder,
    command: {
      command: [
        path.join(installedFolder('s3'), 'bin', 'weed'),
        '-logtostderr=true',
        'server',
        ...createFlags({ folder: folder.path, ports, identities }),
      ],
      environment: { PATH: process.env.PATH ?? '', TMPDIR: folder.path, HOME: folder.path },
      cwd: folder.path,
    },
    // Without a signature it answers 403 as soon as it serves; the volume server must have joined before anything is kept.
    isReady: async () =>
      (await answers(`${endpoint}/`, [200, 403])) &&
      (await acceptsConnections(portGrpc)) &&
      (await answers(`http://127.0.0.1:${master}/dir/assign`, [200])),
    stopSignal: 'SIGKILL',
    leavings: listSockets(ports),
  });
  return {
    endpoint,
    region: 'us-east-1',
    accessKeyId,
    secretAccessKey,
    control,
    [Symbol.asyncDispose]: () => control[Symbol.asyncDispose](),
  };
}

function createFlags(options: { folder: string; ports: readonly number[]; identities: string }): string[] {
  const [port, portGrpc, master, masterGrpc, volume, volumeGrpc, filer, filerGrpc] = options.ports;
  return [
    '-ip=127.0.0.1',
    '-ip.bind=127.0.0.1',
    `-dir=${options.folder}`,
    `-master.port=${master}`,
    `-master.port.grpc=${masterGrpc}`,
    '-master.peers=none',
    '-master.telemetry=false',
    '-master.volumeSizeLimitMB=64',
    `-volume.port=${volume}`,
    `-volume.port.grpc=${volumeGrpc}`,
    '-volume.max=100',
    '-volume.preStopSeconds=0',
    '-filer',
    `-filer.port=${filer}`,
    `-filer.port.grpc=${filerGrpc}`,
    '-s3',
    `-s3.port=${port}`,
    `-s3.port.grpc=${portGrpc}`,
    `-s3.config=${options.identities}`,
    '-s3.port.iceberg=0',
    '-s3.port.lance=0',
  ];
}

/** Sockets whose names and place are fixed. */
function listSockets([port, portGrpc, , masterGrpc, , volumeGrpc, filer, filerGrpc]: readonly number[]): string[] {
  const names = [
    ...[`s3-${port}`, `s3-grpc-${portGrpc}`, `filer-${filer}`],
    ...[`filer-grpc-${filerGrpc}`, `master-grpc-${masterGrpc}`, `volume-grpc-${volumeGrpc}`],
  ];
  return names.map((name) => `/tmp/seaweedfs-${name}.sock`);
}

function formatIdentities(accessKey: string, secretKey: string): string {
  const actions = ['Admin', 'Read', 'List', 'Tagging', 'Write'];
  return JSON.stringify({ identities: [{ name: 'alpr', credentials: [{ accessKey, secretKey }], actions }] });
}
