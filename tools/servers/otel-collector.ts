import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringifyYaml } from '../../src/base/yaml.ts';
import { installedFolder } from './cache.ts';
import { keepPorts } from './ports.ts';
import { acceptsConnections } from './probes.ts';
import { openServerFolder, ServerControl } from './server.ts';

/** Where traces go by OTLP, and the file that has what came, an ExportTraceServiceRequest in JSON on each line. */
export type CollectorAddress = Readonly<{ grpc: string; http: string; file: string }>;

export type Collector = CollectorAddress & Readonly<{ control: ServerControl }> & AsyncDisposable;

type CollectorOptions = Readonly<{
  folder?: string | undefined;
  /** A configuration instead of one that writes the file; it is told the ports by OTLP_GRPC_PORT and OTLP_HTTP_PORT. */
  config?: string;
  environment?: Readonly<Record<string, string>>;
}>;

/** An OpenTelemetry Collector. */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const folder = await openServerFolder('otel-collector', options.folder);
  const [grpc = 0, http = 0] = await keepPorts(2, folder);
  const file = path.join(folder.path, 'traces.jsonl');
  await writeFile(file, '');
  const own = path.join(folder.path, 'collector.yaml');
  await writeFile(
    own,
    options.config === undefined ? formatConfig({ grpc, http, file }) : await readFile(options.config),
  );
  const control = await ServerControl.start({
    name: 'otel-collector',
    folder,
    command: {
      command: [path.join(installedFolder('otel-collector'), 'otel-collector'), '--config', own],
      environment: {
        PATH: process.env.PATH ?? '',
        HOME: folder.path,
        OTLP_GRPC_PORT: String(grpc),
        OTLP_HTTP_PORT: String(http),
        ...options.environment,
      },
      cwd: folder.path,
    },
    isReady: async () => (await acceptsConnections(grpc)) && acceptsConnections(http),
  });
  return {
    grpc: `http://127.0.0.1:${grpc}`,
    http: `http://127.0.0.1:${http}`,
    file,
    control,
    [Symbol.asyncDispose]: () => control[Symbol.asyncDispose](),
  };
}

function formatConfig({ grpc, http, file }: Readonly<{ grpc: number; http: number; file: string }>): string {
  return stringifyYaml({
    receivers: {
      otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${grpc}` }, http: { endpoint: `127.0.0.1:${http}` } } },
    },
    exporters: { file: { path: file, flush_interval: '200ms' } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['file'] } },
    },
  });
}
