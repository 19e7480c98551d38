import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringifyYaml } from '../../src/base/yaml.ts';
import { installedFolder } from './cache.ts';
import { keepPorts } from './ports.ts';
import { acceptsConnections, answers } from './probes.ts';
import { openServerFolder, ServerControl } from './server.ts';

/** Where traces go by OTLP, and where they are asked for. */
export type JaegerAddress = Readonly<{ grpc: string; http: string; query: string }>;

export type JaegerServer = JaegerAddress & Readonly<{ control: ServerControl }> & AsyncDisposable;

/** Jaeger with its page and its API; it keeps traces in memory. */
export async function startJaeger(options: Readonly<{ folder?: string | undefined }> = {}): Promise<JaegerServer> {
  const folder = await openServerFolder('jaeger', options.folder);
  const ports = await keepPorts(4, folder);
  const [grpc, http, query, queryGrpc] = ports.map((port) => `127.0.0.1:${port}`);
  const file = path.join(folder.path, 'jaeger.yaml');
  await writeFile(
    file,
    stringifyYaml({
      service: {
        extensions: ['jaeger_storage', 'jaeger_query'],
        pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
        telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
      },
      extensions: {
        jaeger_storage: { backends: { kept: { memory: { max_traces: 100_000 } } } },
        jaeger_query: { storage: { traces: 'kept' }, http: { endpoint: query }, grpc: { endpoint: queryGrpc } },
      },
      receivers: { otlp: { protocols: { grpc: { endpoint: grpc }, http: { endpoint: http } } } },
      exporters: { jaeger_storage_exporter: { trace_storage: 'kept' } },
    }),
  );
  const control = await ServerControl.start({
    name: 'jaeger',
    folder,
    command: {
      command: [path.join(installedFolder('jaeger'), 'jaeger'), '--config', file],
      environment: { PATH: process.env.PATH ?? '', HOME: folder.path },
      cwd: folder.path,
    },
    isReady: async () => (await answers(`http://${query}/api/services`, [200])) && acceptsConnections(ports[0] ?? 0),
  });
  return {
    grpc: `http://${grpc}`,
    http: `http://${http}`,
    query: `http://${query}`,
    control,
    [Symbol.asyncDispose]: () => control[Symbol.asyncDispose](),
  };
}
