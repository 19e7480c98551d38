import { readFile } from 'node:fs/promises';
import { AlprError, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Session } from '../../vision/session.ts';
import type { LoadedManifest } from '../dictionary.ts';
import type { KServeClient } from './client.ts';
import type { ModelServerConfig } from './config.ts';
import type { ModelServerMetrics } from './metrics.ts';
import { ModelServer } from './model-server.ts';
import { ServedSession } from './served-session.ts';

/** An inference server that networks can be opened on. */
export type OpenedModelServer = AsyncDisposable &
  Readonly<{
    server: ModelServer;
    open(manifest: LoadedManifest, openLocal: () => Promise<Session>): Promise<Session>;
  }>;

/** Prepares for the inference server; nothing is asked of it before a network is opened. */
export async function openModelServer(options: {
  config: ModelServerConfig;
  metrics: ModelServerMetrics;
  log: Log;
  signal: AbortSignal;
  /** Is called when another than before has computed a run of a network. */
  onChange: () => void;
}): Promise<OpenedModelServer> {
  const { metrics, onChange } = options;
  const server = new ModelServer({ ...options, client: await openKServe(options.config) });
  return {
    server,
    open: (manifest, openLocal) => ServedSession.open({ server, manifest, metrics, openLocal, onChange }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A client of the protocol that the address names. */
export async function openKServe(config: ModelServerConfig): Promise<KServeClient> {
  const { url, token, ca_file: caFile, deadline_ms: deadlineMs } = config;
  const options = { url, token, ca: caFile === undefined ? undefined : await readCertificates(caFile), deadlineMs };
  if (url.startsWith('http')) {
    const { HttpClient } = await import('./http.ts');
    return new HttpClient(options);
  }
  const { GrpcClient } = await import('./grpc.ts');
  return new GrpcClient(options);
}

async function readCertificates(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const message = `Expected a file with certificates at models.server.ca_file: ${messageOf(cause)}`;
    throw new AlprError('CONFIG_INVALID', message, { cause });
  }
}
