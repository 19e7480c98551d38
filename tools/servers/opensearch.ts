import path from 'node:path';
import { installedFolder } from './cache.ts';
import { javaCommand } from './java.ts';
import { keepPorts } from './ports.ts';
import { answers } from './probes.ts';
import { openServerFolder, ServerControl } from './server.ts';

/** `url` is the base of the REST API, without a slash at its end; `folder` is where the node keeps its data. */
export type OpenSearchAddress = Readonly<{ url: string; folder: string }>;

export type OpenSearchServer = OpenSearchAddress & Readonly<{ control: ServerControl }> & AsyncDisposable;

export type OpenSearchOptions = Readonly<{
  folder?: string | undefined;
  heapMb?: number;
  /** Whether Java compiles what runs often as well as it can, as a server that runs for long does; slower to start. */
  optimised?: boolean;
}>;

/**
 * A single OpenSearch 2.19 node with the modules that searching needs (Painless, reindex, extra mappers). It has
 * neither the security nor the index management (ISM) plugin.
 */
export async function startOpenSearch(options: OpenSearchOptions = {}): Promise<OpenSearchServer> {
  const folder = await openServerFolder('opensearch', options.folder);
  const [port = 0, transportPort = 0] = await keepPorts(2, folder);
  const url = `http://127.0.0.1:${port}`;
  const installed = installedFolder('opensearch');
  const classPath = [installed, path.join(installed, 'libs', '*')].join(path.delimiter);
  const control = await ServerControl.start({
    name: 'opensearch',
    folder,
    command: {
      command: javaCommand(options.heapMb ?? 320, [
        ...(options.optimised ? ['-XX:TieredStopAtLevel=4'] : []),
        ...['-cp', classPath, 'SearchNode', folder.path],
        ...[String(port), String(transportPort)],
      ]),
    },
    isReady: () => answers(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`, [200]),
  });
  return { url, folder: folder.path, control, [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}
