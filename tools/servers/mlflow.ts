import path from 'node:path';
import { installedFolder } from './cache.ts';
import { keepPorts } from './ports.ts';
import { answers } from './probes.ts';
import type { S3Address } from './s3.ts';
import { openServerFolder, ServerControl } from './server.ts';

/** `artifacts` is the folder in which it keeps files, where no bucket was named. */
export type MlflowServer = Readonly<{ url: string; artifacts: string; control: ServerControl }> & AsyncDisposable;

type MlflowRequest = Readonly<{
  /** Major version. */
  version?: 2 | 3;
  folder?: string | undefined;
  /** A PostgreSQL database; SQLite unless told. */
  database?: string;
  /** A bucket for the files; a folder unless told. */
  bucket?: S3Address & Readonly<{ name: string }>;
}>;

/** An MLflow tracking server that serves artifacts itself. No password. */
export async function startMlflow({
  version = 3,
  database,
  bucket,
  ...given
}: MlflowRequest = {}): Promise<MlflowServer> {
  const folder = await openServerFolder('mlflow', given.folder);
  const [port = 0] = await keepPorts(1, folder);
  const artifacts = path.join(folder.path, 'artifacts');
  const installed = installedFolder(version === 3 ? 'mlflow' : 'mlflow-2');
  const store = database ?? `sqlite:///${path.join(folder.path, 'mlflow.db')}`;
  const url = `http://127.0.0.1:${port}`;
  const models = `${url}/api/2.0/mlflow/registered-models/search`;
  const control = await ServerControl.start({
    name: 'mlflow',
    folder,
    command: {
      // As `mlflow server` does it, but in one process, so that nothing of it stays when it is killed.
      command: ['python3', '-m', 'waitress', `--listen=127.0.0.1:${port}`, '--threads=8', 'mlflow.server:app'],
      environment: {
        PATH: process.env.PATH ?? '',
        PYTHONPATH: installed,
        HOME: folder.path,
        TMPDIR: folder.path,
        _MLFLOW_SERVER_FILE_STORE: store,
        _MLFLOW_SERVER_REGISTRY_STORE: store,
        _MLFLOW_SERVER_ARTIFACT_ROOT: 'mlflow-artifacts:/',
        _MLFLOW_SERVER_SERVE_ARTIFACTS: 'true',
        _MLFLOW_SERVER_ARTIFACT_DESTINATION: bucket ? `s3://${bucket.name}` : artifacts,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        DO_NOT_TRACK: 'true',
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        ...(bucket && {
          MLFLOW_S3_ENDPOINT_URL: bucket.endpoint,
          AWS_DEFAULT_REGION: bucket.region,
          AWS_ACCESS_KEY_ID: bucket.accessKeyId,
          AWS_SECRET_ACCESS_KEY: bucket.secretAccessKey,
        }),
      },
      cwd: folder.path,
    },
    // The first question makes its tables: version 2 bears no second one before that is done.
    isReady: async () => (await answers(`${url}/health`, [200])) && (await fetch(models)).ok,
  });
  return { url, artifacts, control, [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}
