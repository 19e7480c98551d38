import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '..', 'fixtures', 'exporters');

/**
 * Each has a file with a sample of what it shows, which its first line describes, and the time over which counters came up to what they are
 * there, seconds.
 */
const SPANS = { cadvisor: 180, kafka: 180, node: 36_000, postgres: 36_000, process: 36_000 } as const;

type Sampled = keyof typeof SPANS;

export const SAMPLED = Object.keys(SPANS) as readonly Sampled[];

/** Offsets are gauges to kafka_exporter, and grow like counters. */
const GROWING = /^# TYPE (?:\S+ counter|kafka_topic_partition_current_offset gauge)$/;

/** Serves each sample under the name of its exporter; counters go on at their mean rate. */
export async function serveSamples(): Promise<Readonly<{ address: string }> & AsyncDisposable> {
  const began = Date.now();
  const server = createServer((request, response) => {
    const name = SAMPLED.find((one) => request.url === `/${one}`);
    if (name === undefined) response.writeHead(404).end();
    else
      response
        .setHeader('content-type', 'text/plain; version=0.0.4')
        .end(formatSample(name, (Date.now() - began) / 1000));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  if (typeof at !== 'object' || at === null) throw new Error('expected a port');
  return {
    address: `127.0.0.1:${at.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function formatSample(name: Sampled, seconds: number): string {
  let grows = false;
  return readFileSync(join(FOLDER, `${name}.txt`), 'utf8').replaceAll(/^.+$/gm, (line) => {
    if (line.startsWith('#')) {
      grows = GROWING.test(line);
      return line;
    }
    const end = line.lastIndexOf(' ');
    const value = Number(line.slice(end + 1));
    return grows ? `${line.slice(0, end)} ${value * (1 + seconds / SPANS[name])}` : line;
  });
}
