import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCollector } from '../../../tools/servers/otel-collector.ts';
import { describeWith } from '../../servers/servers.ts';

const SHIPPED = join(import.meta.dirname, '..', '..', '..', 'deploy', 'otel-collector', 'collector.yaml');
const patient = { timeout: 120_000, interval: 500 };

describeWith(['otel-collector'], 'deploy/otel-collector', () => {
  test('hands on what it gets, also what came while the server was away', async () => {
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'collector-'));
    opened.defer(() => rm(folder, { recursive: true }));
    const server = opened.use(await startCollector());
    const shipped = opened.use(
      await startCollector({
        config: SHIPPED,
        environment: {
          TRACES_ENDPOINT: server.grpc,
          TRACES_INSECURE: 'true',
          TRACES_TOKEN: '123',
          TRACES_FOLDER: folder,
        },
      }),
    );
    await server.control.kill();
    await send(shipped.http);
    await server.control.restart();
    await expect.poll(() => readFile(server.file, 'utf8'), patient).toContain('"name":"passage"');
  }, 300_000);
});

/** One span, by hand. */
async function send(url: string): Promise<void> {
  const at = `${Date.now()}000000`;
  const ids = { traceId: '019ad3f27c1e7b3a9f000123456789ab', spanId: '9f000123456789ab' };
  const span = { ...ids, name: 'passage', kind: 1, startTimeUnixNano: at, endTimeUnixNano: at };
  const answer = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans: [span] }] }] }),
  });
  expect(answer.status).toBe(200);
}
