import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { installedFolder, packageFolder } from './cache.ts';
import { PACKAGES } from './packages.ts';
import { keepPorts } from './ports.ts';
import { answers } from './probes.ts';
import { openServerFolder, ServerControl } from './server.ts';

/** `http` and `grpc` speak KServe v2, `metrics` is for Prometheus. */
export type TritonAddress = Readonly<{ http: string; grpc: string; metrics: string }>;

export type TritonServer = TritonAddress & Readonly<{ control: ServerControl }> & AsyncDisposable;

/** What the package has of the Python back end, its only one, and where. */
const BACKEND = {
  'libtriton_python.so': 'backends/python',
  'triton_python_backend_utils.py': 'backends/python',
  triton_python_backend_stub: 'python_backend_stubs/3.11',
};

/** What models import; the Python within looks beside its back end, and not at PYTHONPATH. */
const LIBRARIES = ['numpy', 'numpy.libs', 'onnxruntime'];

/** A Triton over a model repository. With `models` it loads these alone, and others when it is asked to by its API. */
export async function startTriton(
  options: Readonly<{ repository: string; models?: readonly string[] }>,
): Promise<TritonServer> {
  const folder = await openServerFolder('triton', undefined);
  const [http = 0, grpc = 0, metrics = 0] = await keepPorts(3, folder);
  const site = installedFolder('triton');
  const triton = path.join(site, 'pytriton', 'tritonserver');
  const backends = path.join(folder.path, 'backends');
  await mkdir(path.join(backends, 'python'), { recursive: true });
  for (const [file, place] of Object.entries(BACKEND)) {
    await symlink(path.join(triton, place, file), path.join(backends, 'python', file));
  }
  for (const name of LIBRARIES) await symlink(path.join(site, name), path.join(backends, 'python', name));
  const { models } = options;
  const control = await ServerControl.start({
    name: 'triton',
    folder,
    command: {
      command: [
        path.join(triton, 'bin', 'tritonserver'),
        ...[`--model-repository=${options.repository}`, `--backend-directory=${backends}`],
        ...[`--http-port=${http}`, `--grpc-port=${grpc}`, `--metrics-port=${metrics}`],
        ...['http', 'grpc', 'metrics'].map((name) => `--${name}-address=127.0.0.1`),
        ...(models ? ['--model-control-mode=explicit', ...models.map((name) => `--load-model=${name}`)] : []),
        ...['--allow-gpu-metrics=false', '--exit-timeout-secs=2', '--log-info=false'],
      ],
      environment: {
        HOME: folder.path,
        PATH: process.env.PATH ?? '',
        LD_LIBRARY_PATH: [
          path.join(site, 'nvidia_pytriton.libs'),
          path.join(triton, 'lib'),
          await findLibraries(),
        ].join(path.delimiter),
      },
    },
    isReady: () => answers(`http://127.0.0.1:${http}/v2/health/ready`, [200]),
  });
  return {
    http: `http://127.0.0.1:${http}`,
    grpc: `grpc://127.0.0.1:${grpc}`,
    metrics: `http://127.0.0.1:${metrics}/metrics`,
    control,
    async [Symbol.asyncDispose]() {
      // Killed, it may leave the processes of its models behind.
      await control.stop();
      await control[Symbol.asyncDispose]();
    },
  };
}

/** Debian's libpython, which a small system lacks. */
async function findLibraries(): Promise<string> {
  const python = PACKAGES.triton[0];
  if (python === undefined) return '';
  const parent = path.join(packageFolder(python), 'usr', 'lib');
  const names = existsSync(parent) ? await readdir(parent) : [];
  return names
    .filter((name) => name.includes('-linux-'))
    .map((name) => path.join(parent, name))
    .join(path.delimiter);
}
